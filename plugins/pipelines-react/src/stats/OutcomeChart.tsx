import { lazy, Suspense, useMemo } from 'react';
import { Skeleton } from '@backstage/ui';
import type {
  RunState,
  StatsBucket,
  StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { StateIcon } from '../ui/StateIcon';
import { ChartFrame } from './ChartFrame';
import { OutcomeTable } from './OutcomeTable';
import { outcomeSeriesOf, type OutcomeSeries } from './outcomeSeries';
import styles from './OutcomeChart.module.css';

// Where its code cannot be fetched, such as while the portal restarts, the table says the same.
const OutcomeBars = lazy(() =>
  import('./OutcomeBars').catch(() => ({ default: OutcomeTable })),
);

/** Props of {@link OutcomeChart}. @public */
export interface OutcomeChartProps {
  history: StatsHistory;
  /** Opens the runs of a bar, or of one state in it. */
  onOpen?(bucket: StatsBucket, state?: RunState): void;
  /** Height of the chart, px. */
  height?: number;
}

/**
 * Runs that ended, per hour or day, stacked by state; also as a table and in one sentence.
 *
 * @public
 */
export function OutcomeChart(props: OutcomeChartProps) {
  const t = useText();
  const { history, onOpen, height = 220 } = props;
  const series = useMemo(() => outcomeSeriesOf(history, Date.now()), [history]);
  return (
    <ChartFrame
      title={t('stats.outcomes.title')}
      legend={<Legend series={series} />}
      summary={useSummary(series)}
      height={height}
      isEmpty={series.total === 0}
      chart={
        <Suspense fallback={<Skeleton width="100%" height={height} />}>
          <OutcomeBars series={series} onOpen={onOpen} />
        </Suspense>
      }
      table={<OutcomeTable series={series} onOpen={onOpen} />}
    />
  );
}

function Legend({ series }: { series: OutcomeSeries }) {
  const t = useText();
  return (
    <ul className={styles.legend}>
      {series.states.map(state => (
        <li key={state}>
          <StateIcon state={state} size={14} />
          {t(`ui.state.${state}`)}
          <strong>{formatNumber(series.totals[state] ?? 0)}</strong>
        </li>
      ))}
    </ul>
  );
}

function useSummary(series: OutcomeSeries): string | undefined {
  const t = useText();
  const { bars, busiest, states, totals, total } = series;
  if (!busiest) {
    return undefined;
  }
  const text = states
    .map(
      state =>
        `${formatNumber(totals[state] ?? 0)} ${t(
          `ui.state.${state}`,
        ).toLocaleLowerCase()}`,
    )
    .join(', ');
  return t('stats.outcomes.summary', {
    count: total,
    from: bars[0].label,
    to: bars[bars.length - 1].label,
    states: text,
    busiest: busiest.label,
  });
}
