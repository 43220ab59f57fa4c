import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiSortAsc, RiSortDesc } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import type { RunsUrl } from '../runsUrl';
import type { RunsUrlHandle } from '../useRunsUrl';

/** What {@link OrderButton} shows and changes. */
export interface OrderButtonProps {
  url: RunsUrl;
  onChange: RunsUrlHandle['change'];
}

/** The order of the list in words, and with a press the other one. */
export function OrderButton({ url, onChange }: OrderButtonProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const isOldestFirst = url.sort === 'queued';
  return (
    <Button
      size="small"
      variant="secondary"
      iconStart={isOldestFirst ? <RiSortAsc /> : <RiSortDesc />}
      onPress={() => onChange({ sort: isOldestFirst ? undefined : 'queued' })}
    >
      {isOldestFirst ? t('runs.oldestFirst') : t('runs.newestFirst')}
    </Button>
  );
}
