import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink } from '@backstage/ui';
import {
  formatExactTime,
  PanelNotice,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import styles from './EmptyRuns.module.css';

/** Why the runs list has no rows. */
export interface EmptyRunsProps {
  isEntity: boolean;
  /** Filters are set, or a page beyond the first is shown. */
  isNarrowed: boolean;
  /** The id that was looked for, if it was a whole one. */
  runId?: string;
  /** Where the server stopped to look, ISO 8601. */
  searchedBackTo?: string;
  isOldestFirst: boolean;
  /** Looks on from there; absent when there is nothing more. */
  onGoOn?(): void;
  onClear(): void;
}

/** Says why there are no runs: because none ever were, or because of the filters. */
export function EmptyRuns(props: EmptyRunsProps) {
  const { isEntity, isNarrowed, runId, onGoOn, onClear } = props;
  const { searchedBackTo, isOldestFirst } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  if (searchedBackTo && onGoOn) {
    return (
      <PanelNotice
        kind="noMatch"
        title={t(isOldestFirst ? 'runs.noMatchUpTo' : 'runs.noMatchSince', {
          time: formatExactTime(searchedBackTo),
        })}
        action={
          <div className={styles.actions}>
            {runId && (
              <ButtonLink variant="primary" href={links.run(runId)}>
                {t('runs.openById')}
              </ButtonLink>
            )}
            <Button variant={runId ? 'secondary' : 'primary'} onPress={onGoOn}>
              {t(isOldestFirst ? 'runs.searchOnward' : 'runs.searchOn')}
            </Button>
            <Button variant="secondary" onPress={onClear}>
              {t('runs.clearFilters')}
            </Button>
          </div>
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
