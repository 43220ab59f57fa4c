import { lazy, Suspense, useMemo } from 'react';
import { Skeleton } from '@backstage/ui';
import type {
  StatsBucket,
  StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatDuration } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { durationSeriesOf, type DurationSeries } from './durationSeries';
import { DurationTable } from './DurationTable';
import styles from './DurationChart.module.css';

// Where its code cannot be fetched, such as while the portal restarts, the table says the same.
const DurationLines = lazy(() =>
  import('./DurationLines').catch(() => ({ default: DurationTable })),
);

/** Props of {@link DurationChart}. @public */
export interface DurationChartProps {
  history: StatsHistory;
  /** Opens the runs of a bucket. */
  onOpen?(bucket: StatsBucket): void;
  /** Height of the chart, px. */
  height?: number;
}

/**
 * How long the runs took that ended per hour or day, p50 and p95; also as a table and in one
 * sentence.
 *
 * @public
 */
export function DurationChart(props: DurationChartProps) {
  const t = useText();
  const { history, onOpen, height = 220 } = props;
  const series = useMemo(
    () => durationSeriesOf(history, Date.now()),
    [history],
  );
  return (
    <ChartFrame
      title={t('stats.durations.title')}
      legend={<Legend />}
      summary={useSummary(series)}
      height={height}
      isEmpty={!series.slowest}
      chart={
        <Suspense fallback={<Skeleton width="100%" height={height} />}>
          <DurationLines series={series} onOpen={onOpen} />
        </Suspense>
      }
      table={<DurationTable series={series} onOpen={onOpen} />}
    />
  );
}

function Legend() {
  const t = useText();
  return (
    <ul className={styles.legend} title={t('stats.durations.accuracy')}>
      <li>
        <span className={styles.p50} aria-hidden="true" />
        {t('stats.durations.p50')}
      </li>
      <li>
        <span className={styles.p95} aria-hidden="true" />
        {t('stats.durations.p95')}
      </li>
    </ul>
  );
}

function useSummary({ points, slowest }: DurationSeries): string | undefined {
  const t = useText();
  if (!slowest) {
    return undefined;
  }
  const spread = (values: (number | undefined)[]) => {
    const known = values.filter(value => value !== undefined);
    return [
      formatDuration(Math.min(...known)),
      formatDuration(Math.max(...known)),
    ];
  };
  const [leastP50, mostP50] = spread(
    points.map(({ bucket }) => bucket.p50DurationMs),
  );
  const [leastP95, mostP95] = spread(
    points.map(({ bucket }) => bucket.p95DurationMs),
  );
  return t('stats.durations.summary', {
    from: points[0].label,
    to: points[points.length - 1].label,
    leastP50,
    mostP50,
    leastP95,
    mostP95,
    slowest: slowest.label,
  });
}
