import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiLayoutColumnLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { ColumnDrawer } from './ColumnDrawer';
import type { ColumnsHandle } from './useColumns';

/** Opens the drawer in which columns are chosen; `c` does the same. */
export function ColumnsButton(columns: ColumnsHandle) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  useSingleKeys({ c: () => setOpen(true) });
  return (
    <>
      <TooltipTrigger>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiLayoutColumnLine />}
          onPress={() => setOpen(true)}
        >
          {t('columns.open')}
        </Button>
        <Tooltip>{t('columns.openKey')}</Tooltip>
      </TooltipTrigger>
      <ColumnDrawer
        {...columns}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
