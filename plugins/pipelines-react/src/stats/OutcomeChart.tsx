import { lazy, Suspense, useMemo, useState } from 'react';
import {
  Skeleton,
  ToggleButton,
  ToggleButtonGroup,
  VisuallyHidden,
} from '@backstage/ui';
import type {
  RunState,
  StatsBucket,
  StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { PanelNotice } from '../ui/PanelNotice';
import { StateIcon } from '../ui/StateIcon';
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
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const series = useMemo(() => outcomeSeriesOf(history, Date.now()), [history]);
  return (
    <section aria-label={t('stats.outcomes.title')}>
      <div className={styles.head}>
        <Legend series={series} />
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
      <Summary series={series} />
      <div style={{ height }} className={styles.frame}>
        {series.total === 0 && (
          <PanelNotice kind="empty" title={t('stats.outcomes.empty')} />
        )}
        {series.total > 0 && view === 'chart' && (
          <Suspense fallback={<Skeleton width="100%" height={height} />}>
            <OutcomeBars series={series} onOpen={onOpen} />
          </Suspense>
        )}
        {series.total > 0 && view === 'table' && (
          <OutcomeTable series={series} onOpen={onOpen} />
        )}
      </div>
    </section>
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

function Summary({ series }: { series: OutcomeSeries }) {
  const t = useText();
  const { bars, busiest, states, totals, total } = series;
  if (!busiest) {
    return null;
  }
  const text = states
    .map(
      state =>
        `${formatNumber(totals[state] ?? 0)} ${t(
          `ui.state.${state}`,
        ).toLocaleLowerCase()}`,
    )
    .join(', ');
  return (
    <VisuallyHidden>
      {t('stats.outcomes.summary', {
        count: total,
        from: bars[0].label,
        to: bars[bars.length - 1].label,
        states: text,
        busiest: busiest.label,
      })}
    </VisuallyHidden>
  );
}
