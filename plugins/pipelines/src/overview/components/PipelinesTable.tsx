import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import {
  UNSUCCESSFUL_RUN_STATES,
  type Pipeline,
  type PipelineStats,
  type StatsByPipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  formatDuration,
  formatShare,
  PanelNotice,
  PanelState,
  RunStrip,
  StateBar,
  TimeText,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { EntityName } from '../../ui/EntityName';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { usePageLinks } from '../../ui/usePageLinks';
import type { HrefOfRuns, Span } from '../useScopedRuns';
import styles from './PipelinesTable.module.css';

/** Most pipelines that the overview lists. */
const MAX_LISTED = 10;

const RANKS = ['busiest', 'slowest', 'mostFailed'] as const;
type Rank = (typeof RANKS)[number];

/** The least comes last. */
const VALUE_OF: Record<Rank, (row: PipelineStats) => number> = {
  busiest: row => row.total,
  slowest: row => row.p95DurationMs ?? -1,
  mostFailed: row =>
    UNSUCCESSFUL_RUN_STATES.reduce(
      (sum, state) => sum + (row.byState[state] ?? 0),
      0,
    ),
};

/** What {@link PipelinesTable} shows. */
export interface PipelinesTableProps {
  stats: PanelQuery<StatsByPipeline>;
  /** Those that are configured. */
  pipelines: readonly Pipeline[];
  hrefOf: HrefOfRuns;
}

/** The busiest, slowest or most failing pipelines of the period, each with its newest runs. */
export function PipelinesTable(props: PipelinesTableProps) {
  const { stats, pipelines, hrefOf } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [rank, setRank] = useState<Rank>('busiest');
  return (
    <Panel
      title={t('overview.pipelines')}
      aside={stats.data && <AsOf at={stats.data.asOf} />}
    >
      <ToggleButtonGroup
        aria-label={t('overview.rankBy')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[rank]}
        onSelectionChange={keys =>
          setRank(RANKS.find(name => keys.has(name)) ?? 'busiest')
        }
      >
        {RANKS.map(name => (
          <ToggleButton key={name} id={name} size="small">
            {t(`overview.${name}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <PanelState
        query={stats}
        skeleton="rows"
        skeletonCount={5}
        empty={data =>
          data.pipelines.length === 0 ? (
            <PanelNotice kind="empty" title={t('overview.noPipelines')} />
          ) : undefined
        }
      >
        {data => (
          <RankedTable
            span={data}
            rows={ranked(data.pipelines, rank)}
            known={new Map(pipelines.map(item => [item.id, item]))}
            hrefOf={hrefOf}
          />
        )}
      </PanelState>
    </Panel>
  );
}

function ranked(rows: readonly PipelineStats[], rank: Rank): PipelineStats[] {
  return [...rows].sort((a, b) => VALUE_OF[rank](b) - VALUE_OF[rank](a));
}

function RankedTable(props: {
  span: Span;
  rows: readonly PipelineStats[];
  known: ReadonlyMap<string, Pipeline>;
  hrefOf: HrefOfRuns;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const pages = usePageLinks();
  const { span, rows, known, hrefOf } = props;
  const more = rows.length - MAX_LISTED;
  return (
    <>
      <StackedTable
        label={t('overview.pipelines')}
        heads={[
          t('overview.columnPipeline'),
          t('overview.columnStates'),
          t('overview.columnRecent'),
          t('overview.columnFailed'),
          t('overview.columnP95'),
          t('overview.columnNext'),
          t('overview.columnOwner'),
        ]}
        rows={rows.slice(0, MAX_LISTED).map(row => {
          const { pipelineId: id, successRate, p95DurationMs } = row;
          const pipeline = known.get(id);
          const title = pipeline?.title ?? id;
          const share =
            successRate === undefined
              ? undefined
              : formatShare(1 - successRate);
          return {
            key: id,
            cells: [
              <Link key="name" href={pages.pipeline(id)} standalone>
                {title}
              </Link>,
              <StateBar
                key="states"
                counts={row.byState}
                label={title}
                hrefOf={state =>
                  hrefOf({ span, states: [state], pipeline: id })
                }
              />,
              pipeline && (
                <RunStrip
                  runs={pipeline.recentRuns}
                  hrefOf={run => links.run(run.id)}
                />
              ),
              share && (
                <Link
                  href={hrefOf({
                    span,
                    states: UNSUCCESSFUL_RUN_STATES,
                    pipeline: id,
                  })}
                  aria-label={t('overview.failedAction', { share, title })}
                >
                  {share}
                </Link>
              ),
              p95DurationMs !== undefined && (
                <span className={styles.number}>
                  {formatDuration(p95DurationMs)}
                </span>
              ),
              pipeline?.schedule?.nextAt && (
                <TimeText at={pipeline.schedule.nextAt} />
              ),
              pipeline?.owner && <EntityName entityRef={pipeline.owner} />,
            ],
          };
        })}
      />
      {more > 0 && (
        <Text variant="body-small" color="secondary">
          {t('overview.morePipelines', { count: more })}
        </Text>
      )}
    </>
  );
}
