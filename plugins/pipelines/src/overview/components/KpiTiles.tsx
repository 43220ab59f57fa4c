import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ACTIVE_RUN_STATES,
  runReadPermission,
  TERMINAL_RUN_STATES,
  type RunState,
  type Stats,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatNumber,
  formatShare,
  KpiTile,
  PanelState,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import type { Period } from '../usePeriod';
import styles from './KpiTiles.module.css';

/** What {@link KpiTiles} shows. */
export interface KpiTilesProps {
  stats: PanelQuery<Stats>;
  period: Period;
}

/** The four numbers of the period; each leads to the runs that it counts. */
export function KpiTiles({ stats, period }: KpiTilesProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <section aria-label={t('overview.tiles')}>
      <PanelState
        query={stats}
        skeleton="tiles"
        skeletonCount={4}
        permission={runReadPermission.name}
      >
        {numbers => <Tiles numbers={numbers} period={period} />}
      </PanelState>
    </section>
  );
}

function Tiles({ numbers, period }: { numbers: Stats; period: Period }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { total, successRate, averageDurationMs, p95DurationMs } = numbers;
  const count = (states: readonly RunState[]) =>
    states.reduce((sum, state) => sum + (numbers.byState[state] ?? 0), 0);
  const good = count(['succeeded']);
  const queued = count(['queued']);
  const from = period.range;
  const ended = runsSearch({ state: [...TERMINAL_RUN_STATES], from });
  return (
    <div className={styles.tiles}>
      <KpiTile
        label={t('overview.total')}
        value={formatNumber(total)}
        detail={t('overview.totalHint')}
        href={links.runs(runsSearch({ from }))}
        actionLabel={`${t('overview.total')}: ${formatNumber(total)}`}
      />
      <KpiTile
        label={t('overview.successRate')}
        value={successRate === undefined ? undefined : formatShare(successRate)}
        detail={
          successRate === undefined
            ? t('overview.noneEnded')
            : t('overview.successRateHint', {
                good: formatNumber(good),
                all: formatNumber(
                  good + count(['failed', 'timed_out', 'lost']),
                ),
              })
        }
        href={links.runs(
          runsSearch({ state: ['failed', 'timed_out', 'lost'], from }),
        )}
        actionLabel={t('overview.successRateAction')}
      />
      <KpiTile
        label={t('overview.averageDuration')}
        value={
          averageDurationMs === undefined
            ? undefined
            : formatDuration(averageDurationMs)
        }
        detail={
          p95DurationMs === undefined
            ? t('overview.noneEnded')
            : t('overview.p95', { duration: formatDuration(p95DurationMs) })
        }
        href={links.runs(ended)}
        actionLabel={t('overview.averageDurationAction')}
      />
      <KpiTile
        label={t('overview.inProgress')}
        value={formatNumber(numbers.inProgress)}
        detail={t('overview.inProgressHint', {
          running: formatNumber(numbers.inProgress - queued),
          queued: formatNumber(queued),
        })}
        href={links.runs(runsSearch({ state: [...ACTIVE_RUN_STATES] }))}
        actionLabel={t('overview.inProgressAction', {
          number: formatNumber(numbers.inProgress),
        })}
      />
    </div>
  );
}
