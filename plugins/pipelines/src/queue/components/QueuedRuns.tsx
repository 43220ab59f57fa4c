import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, useBreakpoint } from '@backstage/ui';
import type { QueuedRun } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  PanelNotice,
  PanelState,
  useQueuedRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { useRunActionDialogs } from '../../runs/actions/useRunActionDialogs';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { QueuedItems } from './QueuedItems';
import styles from './QueuedRuns.module.css';
import { QueuedTable } from './QueuedTable';

/** Rows that are read at once. */
const PAGE_SIZE = 50;

/** The queued runs, most urgent first, each with the reason why it waits and what can be done to it. */
export function QueuedRuns(props: {
  pipelines: readonly string[];
  onShowAll(): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipelines, onShowAll } = props;
  const isNarrow = useBreakpoint().down('xs');
  const { begin, dialogs } = useRunActionDialogs();
  const query = useQueuedRuns({
    pipeline: pipelines.length > 0 ? pipelines : undefined,
    limit: PAGE_SIZE,
  });
  const runs = query.data?.pages.flatMap(({ items }) => items);
  const List = isNarrow ? QueuedItems : QueuedTable;
  return (
    <Panel
      title={t('queue.runs.title')}
      isFlush
      aside={
        <>
          {pipelines.length > 0 && (
            <span className={styles.filter}>
              {t('queue.filteredTo', { pipelines: pipelines.join(', ') })}
              <Button size="small" variant="secondary" onPress={onShowAll}>
                {t('queue.showAll')}
              </Button>
            </span>
          )}
          {runs && <Count runs={runs} hasMore={query.hasNextPage} />}
        </>
      }
    >
      <PanelState
        query={{ ...query, data: runs }}
        skeleton="rows"
        skeletonCount={4}
        empty={items =>
          items.length === 0 ? (
            <Nothing isFiltered={pipelines.length > 0} onShowAll={onShowAll} />
          ) : undefined
        }
      >
        {items => <List runs={items} begin={begin} />}
      </PanelState>
      {query.hasNextPage && (
        <div className={styles.more}>
          <Button
            variant="secondary"
            isPending={query.isFetchingNextPage}
            onPress={() => query.fetchNextPage()}
          >
            {t('queue.runs.more')}
          </Button>
        </div>
      )}
      {dialogs}
    </Panel>
  );
}

function Count(props: { runs: readonly QueuedRun[]; hasMore: boolean }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const count = props.runs.length;
  return (
    <span className={styles.count}>
      {props.hasMore
        ? t('queue.runs.countMore', { number: formatNumber(count) })
        : t('queue.runs.count', { count })}
    </span>
  );
}

function Nothing(props: { isFiltered: boolean; onShowAll(): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return props.isFiltered ? (
    <PanelNotice
      kind="noMatch"
      title={t('queue.runs.noMatch')}
      action={
        <Button variant="secondary" onPress={props.onShowAll}>
          {t('queue.showAll')}
        </Button>
      }
    />
  ) : (
    <PanelNotice kind="good" title={t('queue.runs.emptyTitle')}>
      {t('queue.runs.empty')}
    </PanelNotice>
  );
}
