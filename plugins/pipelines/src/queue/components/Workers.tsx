import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, useBreakpoint } from '@backstage/ui';
import {
  LEASED_RUN_STATES,
  runReadPermission,
  type Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  useRuns,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { usePortalAccess } from '../../ui/usePortalAccess';
import { DrainDialog } from './DrainDialog';
import styles from './Workers.module.css';
import { WorkerItems } from './WorkerItems';
import { WorkersTable } from './WorkersTable';

/** Most runs whose titles are read for the workers that execute them. */
const MOST_TITLES = 200;

/** The workers: their slots, what they execute, how old their word is, and the way to drain them. */
export function Workers(props: {
  query: PanelQuery<Worker[]>;
  chosen: string | undefined;
  onChoose(worker: string | undefined): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { query, chosen, onChoose } = props;
  const isNarrow = useBreakpoint().down('xs');
  const access = usePortalAccess('queue');
  const [asked, setAsked] = useState<Worker>();
  const running = useRuns({ state: LEASED_RUN_STATES, limit: MOST_TITLES });
  const titles = new Map(
    running.data?.pages.flatMap(({ items }) =>
      items.map(({ id, title }) => [id, title] as const),
    ),
  );
  const List = isNarrow ? WorkerItems : WorkersTable;
  return (
    <Panel
      title={t('queue.workers.title')}
      isFlush
      aside={
        chosen && (
          <span className={styles.filter}>
            {t('queue.workers.only', { worker: chosen })}
            <Button
              size="small"
              variant="secondary"
              onPress={() => onChoose(undefined)}
            >
              {t('queue.showAll')}
            </Button>
          </span>
        )
      }
    >
      <PanelState
        query={query}
        skeleton="rows"
        skeletonCount={3}
        permission={runReadPermission.name}
        empty={workers =>
          workers.length === 0 ? (
            <PanelNotice kind="empty" title={t('queue.workers.emptyTitle')}>
              {t('queue.workers.empty')}
            </PanelNotice>
          ) : undefined
        }
      >
        {workers => {
          const shown = workers.filter(({ id }) => !chosen || id === chosen);
          return shown.length === 0 ? (
            <PanelNotice
              kind="noMatch"
              title={t('queue.workers.missing', { worker: chosen ?? '' })}
            />
          ) : (
            <List
              workers={shown}
              titles={titles}
              access={access}
              onDrain={setAsked}
            />
          );
        }}
      </PanelState>
      {asked && (
        <DrainDialog worker={asked} onClose={() => setAsked(undefined)} />
      )}
    </Panel>
  );
}
