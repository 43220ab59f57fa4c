import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex } from '@backstage/ui';
import {
  formatExactTime,
  PanelNotice,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

/** Why the runs list has no rows. */
export interface EmptyRunsProps {
  isEntity: boolean;
  /** Filters are set, or a page beyond the first is shown. */
  isNarrowed: boolean;
  /** Where the server stopped to look, ISO 8601. */
  searchedBackTo?: string;
  /** Looks on from there; absent when there is nothing more. */
  onGoOn?(): void;
  onClear(): void;
}

/** Says why there are no runs: because none ever were, or because of the filters. */
export function EmptyRuns(props: EmptyRunsProps) {
  const { isEntity, isNarrowed, searchedBackTo, onGoOn, onClear } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (searchedBackTo && onGoOn) {
    return (
      <PanelNotice
        kind="noMatch"
        title={t('runs.noMatchSince', {
          time: formatExactTime(searchedBackTo),
        })}
        action={
          <Flex gap="2">
            <Button variant="primary" onPress={onGoOn}>
              {t('runs.searchOn')}
            </Button>
            <Button variant="secondary" onPress={onClear}>
              {t('runs.clearFilters')}
            </Button>
          </Flex>
        }
      />
    );
  }
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
