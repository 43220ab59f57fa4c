import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { PanelNotice } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

/** Why the runs list has no rows. */
export interface EmptyRunsProps {
  isEntity: boolean;
  /** Filters are set, or a page beyond the first is shown. */
  isNarrowed: boolean;
  onClear(): void;
}

/** Says why there are no runs: because none ever were, or because of the filters. */
export function EmptyRuns({ isEntity, isNarrowed, onClear }: EmptyRunsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (isNarrowed) {
    return (
      <PanelNotice
        kind="noMatch"
        title={t('runs.noMatch')}
        action={
          <Button variant="secondary" onPress={onClear}>
            {t('runs.clearFilters')}
          </Button>
        }
      />
    );
  }
  return (
    <PanelNotice kind="empty" title={t('runs.emptyTitle')}>
      {isEntity ? t('runs.emptyEntity') : t('runs.empty')}
    </PanelNotice>
  );
}
