import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ACTIVE_RUN_STATES,
  runReadPermission,
  TERMINAL_RUN_STATES,
  UNSUCCESSFUL_RUN_STATES,
  type RunState,
  type Stats,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  formatDuration,
  formatNumber,
  formatShare,
  KpiTile,
  PanelState,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { relativeChange, shareChange } from '../change';
import type { HrefOfRuns } from '../useScopedRuns';
import styles from './KpiTiles.module.css';

/** What {@link KpiTiles} shows. */
export interface KpiTilesProps {
  stats: PanelQuery<Stats>;
  /** The course of the numbers; drawn when it is there. */
  history: StatsHistory | undefined;
  hrefOf: HrefOfRuns;
}

/** The numbers of the period with their change; each leads to the runs that it counts. */
export function KpiTiles({ stats, history, hrefOf }: KpiTilesProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <section aria-label={t('overview.tiles')}>
      <PanelState
        query={stats}
        skeleton="tiles"
        skeletonCount={4}
        permission={runReadPermission.name}
      >
        {numbers => (
          <Tiles numbers={numbers} history={history} hrefOf={hrefOf} />
        )}
      </PanelState>
    </section>
  );
}

function Tiles({
  numbers,
  history,
  hrefOf,
}: Omit<KpiTilesProps, 'stats'> & { numbers: Stats }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { successRate, averageDurationMs, p95DurationMs, previous } = numbers;
  const count = (states: readonly RunState[]) =>
    states.reduce((sum, state) => sum + (numbers.byState[state] ?? 0), 0);
  const ended = numbers.total - numbers.inProgress;
  const good = count(['succeeded']);
  const queued = count(['queued']);
  const buckets = history?.buckets ?? [];
  const asOf = <AsOf at={numbers.asOf} />;
  return (
    <div className={styles.tiles}>
      <KpiTile
        label={t('overview.total')}
        value={formatNumber(ended)}
        detail={t('overview.totalHint')}
        change={relativeChange(ended, previous?.total)}
        spark={buckets.map(({ total }) => total)}
        footer={asOf}
        href={hrefOf({ span: numbers, states: TERMINAL_RUN_STATES })}
        actionLabel={t('overview.totalAction', {
          number: formatNumber(ended),
        })}
      />
      <KpiTile
        label={t('overview.successRate')}
        value={successRate === undefined ? undefined : formatShare(successRate)}
        detail={
          successRate === undefined
            ? t('overview.noneEnded')
            : t('overview.successRateHint', {
                good: formatNumber(good),
                all: formatNumber(good + count(UNSUCCESSFUL_RUN_STATES)),
              })
        }
        change={shareChange(successRate, previous?.successRate, points =>
          t('overview.points', { points }),
        )}
        spark={valuesOf(buckets.map(bucket => bucket.successRate))}
        footer={asOf}
        href={hrefOf({ span: numbers, states: UNSUCCESSFUL_RUN_STATES })}
        actionLabel={t('overview.successRateAction')}
      />
      <KpiTile
        label={t('overview.p95')}
        value={
          p95DurationMs === undefined
            ? undefined
            : formatDuration(p95DurationMs)
        }
        detail={
          averageDurationMs === undefined
            ? t('overview.noneEnded')
            : t('overview.average', {
                duration: formatDuration(averageDurationMs),
              })
        }
        change={relativeChange(p95DurationMs, previous?.p95DurationMs, 'less')}
        spark={valuesOf(buckets.map(bucket => bucket.p95DurationMs))}
        footer={asOf}
        href={hrefOf({ span: numbers, states: TERMINAL_RUN_STATES })}
        actionLabel={t('overview.p95Action')}
      />
      <KpiTile
        label={t('overview.inProgress')}
        value={formatNumber(numbers.inProgress)}
        detail={t('overview.inProgressHint', {
          running: formatNumber(numbers.inProgress - queued),
          queued: formatNumber(queued),
        })}
        footer={asOf}
        href={hrefOf({ states: ACTIVE_RUN_STATES })}
        actionLabel={t('overview.inProgressAction', {
          number: formatNumber(numbers.inProgress),
        })}
      />
    </div>
  );
}

/** Without the buckets in which nothing ended. */
function valuesOf(values: readonly (number | undefined)[]): number[] {
  return values.filter(value => value !== undefined);
}
