import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { MenuItem } from '@backstage/ui';
import { RiArrowLeftRightLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { compareSearch } from './useCompareUrl';

/** Leads from the menu of a run to its comparison with the last success before it. */
export function CompareItem({ runId }: { runId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <MenuItem
      iconStart={<RiArrowLeftRightLine />}
      href={links.compare(compareSearch({ b: runId }))}
    >
      {t('compare.compare')}
    </MenuItem>
  );
}
