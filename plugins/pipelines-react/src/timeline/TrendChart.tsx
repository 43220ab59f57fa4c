import { lazy, Suspense, useMemo, useState } from 'react';
import {
  Skeleton,
  ToggleButton,
  ToggleButtonGroup,
  VisuallyHidden,
} from '@backstage/ui';
import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { bucketLabel } from '../stats/outcomeSeries';
import chart from '../stats/OutcomeChart.module.css';
import { useText } from '../translation/useText';
import { formatDuration, formatNumber, formatShare } from '../ui/format';
import { PanelNotice } from '../ui/PanelNotice';
import { READING_TAB_STOP } from '../ui/tabStops';

// Where its code cannot be fetched, such as while the portal restarts, the table says the same.
const TrendLines = lazy(() =>
  import('./TrendLines').catch(() => ({ default: TrendTable })),
);

const HEIGHT = 220;

/** What a trend is about. @public */
export type TrendMeasure = 'duration' | 'successRate';

/** A bucket of the trend that has a value. @internal */
export interface TrendPoint {
  start: string;
  label: string;
  total: number;
  /** p50 in ms, or the success rate from 0 to 1. */
  value?: number;
  /** p95 in ms; absent for a rate. */
  high?: number;
}

/** What both forms of a trend show. @internal */
export interface TrendLinesProps {
  measure: TrendMeasure;
  points: readonly TrendPoint[];
}

/** Props of {@link TrendChart}. @public */
export interface TrendChartProps {
  /** Not grouped. */
  history: StatsHistory;
  measure: TrendMeasure;
}

/** How durations or the success rate went over time; also as a table and in one sentence. @public */
export function TrendChart({ history, measure }: TrendChartProps) {
  const t = useText();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const points = useMemo(() => pointsOf(history, measure), [history, measure]);
  const known = points.filter(({ value }) => value !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) {
    return <PanelNotice kind="empty" title={t('stats.outcomes.empty')} />;
  }
  return (
    <section aria-label={t(`timeline.trend.${measure}`)}>
      <div className={chart.head}>
        <span>
          {t(
            measure === 'duration'
              ? 'timeline.trend.linesOfDuration'
              : 'timeline.trend.linesOfRate',
          )}
        </span>
        <ToggleButtonGroup
          aria-label={t('stats.outcomes.view')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={keys =>
            setView(keys.has('table') ? 'table' : 'chart')
          }
        >
          <ToggleButton id="chart" size="small">
            {t('stats.outcomes.chart')}
          </ToggleButton>
          <ToggleButton id="table" size="small">
            {t('stats.outcomes.table')}
          </ToggleButton>
        </ToggleButtonGroup>
      </div>
      <VisuallyHidden>
        {t(
          measure === 'duration'
            ? 'timeline.trend.summaryOfDuration'
            : 'timeline.trend.summaryOfRate',
          {
            from: first.label,
            to: last.label,
            first: formatMeasure(measure, first.value),
            last: formatMeasure(measure, last.value),
          },
        )}
      </VisuallyHidden>
      <div style={{ height: HEIGHT }} className={chart.frame}>
        {view === 'chart' ? (
          <Suspense fallback={<Skeleton width="100%" height={HEIGHT} />}>
            <TrendLines measure={measure} points={points} />
          </Suspense>
        ) : (
          <TrendTable measure={measure} points={points} />
        )}
      </div>
    </section>
  );
}

/** A value of a trend in words; a dash where there is none. @internal */
export function formatMeasure(
  measure: TrendMeasure,
  value: number | undefined,
): string {
  if (value === undefined) {
    return '–';
  }
  return measure === 'duration' ? formatDuration(value) : formatShare(value);
}

/** The numbers of the chart, newest first; buckets without runs are left out. */
function TrendTable({ measure, points }: TrendLinesProps) {
  const t = useText();
  const isDuration = measure === 'duration';
  return (
    <div className={chart.tableBox} tabIndex={READING_TAB_STOP} role="group">
      <table className={chart.table}>
        <thead>
          <tr>
            <th scope="col">{t('stats.outcomes.bucket')}</th>
            <th scope="col">
              {t(isDuration ? 'timeline.trend.p50' : 'timeline.trend.rate')}
            </th>
            {isDuration && <th scope="col">{t('timeline.trend.p95')}</th>}
            <th scope="col">{t('stats.outcomes.total')}</th>
          </tr>
        </thead>
        <tbody>
          {points
            .filter(({ total }) => total > 0)
            .reverse()
            .map(({ start, label, value, high, total }) => (
              <tr key={start}>
                <th scope="row">{label}</th>
                <td>{formatMeasure(measure, value)}</td>
                {isDuration && <td>{formatMeasure(measure, high)}</td>}
                <td>{formatNumber(total)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function pointsOf(
  { buckets, bucket: grain, timezone }: StatsHistory,
  measure: TrendMeasure,
): TrendPoint[] {
  return buckets.map(bucket => ({
    start: bucket.start,
    label: bucketLabel(bucket.start, grain, timezone),
    total: bucket.total,
    ...(measure === 'duration'
      ? { value: bucket.p50DurationMs, high: bucket.p95DurationMs }
      : { value: bucket.successRate }),
  }));
}
