import { useId } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { StateIcon } from '../ui/StateIcon';
import { STATE_SIGNS } from '../ui/stateSigns';
import type { OutcomeChartProps } from './OutcomeChart';
import type { OutcomeBar, OutcomeSeries } from './outcomeSeries';
import { GRID_LOOK, TIME_AXIS_LOOK, VALUE_AXIS_LOOK } from './chartAxes';
import styles from './OutcomeChart.module.css';

/** Props of {@link OutcomeBars}. @internal */
export interface OutcomeBarsProps {
  series: OutcomeSeries;
  onOpen: OutcomeChartProps['onOpen'];
}

/** The stacked bars; in a file of its own because the chart library is large and loaded on demand. */
function OutcomeBars({ series, onOpen }: OutcomeBarsProps) {
  const hatchId = useId().replaceAll(':', '');
  const { bars, states } = series;
  const open = (index: number, state: RunState) =>
    onOpen?.(bars[index].bucket, state);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0}>
      <BarChart
        data={bars}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        barCategoryGap="20%"
        accessibilityLayer
      >
        <defs>
          {states.map(state => (
            <Hatch key={state} id={`${hatchId}-${state}`} state={state} />
          ))}
        </defs>
        <CartesianGrid {...GRID_LOOK} />
        <XAxis {...TIME_AXIS_LOOK} />
        <YAxis
          {...VALUE_AXIS_LOOK}
          width={36}
          allowDecimals={false}
          tickFormatter={formatNumber}
        />
        <Tooltip
          cursor={{ fill: 'var(--bui-fg-primary)', fillOpacity: 0.06 }}
          content={({ payload }) => (
            <BarTooltip bar={payload?.[0]?.payload as OutcomeBar | undefined} />
          )}
        />
        {states.map(state => (
          <Bar
            key={state}
            dataKey={(bar: OutcomeBar) => bar.counts[state] ?? 0}
            name={state}
            stackId="outcome"
            maxBarSize={36}
            isAnimationActive={false}
            cursor={onOpen ? 'pointer' : undefined}
            onClick={(_, index) => open(index, state)}
          >
            {bars.map(bar => (
              <Cell
                key={bar.bucket.start}
                fill={fillOf(state, hatchId)}
                fillOpacity={bar.unfinished ? 0.65 : 1}
                stroke={markOf(state)}
                strokeDasharray={bar.unfinished ? '3 2' : undefined}
                strokeWidth={bar.unfinished ? 1 : 0}
              />
            ))}
          </Bar>
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

/** Diagonal lines, so that what failed is not told by colour alone. */
function Hatch({ id, state }: { id: string; state: RunState }) {
  return (
    <pattern
      id={id}
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="6" height="6" fill={markOf(state)} />
      <rect
        width="2"
        height="6"
        fill="var(--bui-bg-neutral-1)"
        opacity="0.45"
      />
    </pattern>
  );
}

function fillOf(state: RunState, hatchId: string): string {
  return STATE_SIGNS[state].tone === 'negative'
    ? `url(#${hatchId}-${state})`
    : markOf(state);
}

function markOf(state: RunState): string {
  const { tone } = STATE_SIGNS[state];
  return tone === 'neutral'
    ? 'var(--bui-fg-secondary)'
    : `var(--bui-${tone}-fg-subdued)`;
}

function BarTooltip({ bar }: { bar: OutcomeBar | undefined }) {
  const t = useText();
  if (!bar) {
    return null;
  }
  const states = Object.entries(bar.counts) as Array<[RunState, number]>;
  return (
    <div className={styles.tooltip}>
      <strong>{bar.label}</strong>
      {bar.unfinished && <span>{t('stats.outcomes.unfinished')}</span>}
      {states
        .filter(([, count]) => count > 0)
        .map(([state, count]) => (
          <span key={state} className={styles.tooltipRow}>
            <StateIcon state={state} size={14} />
            {t(`ui.state.${state}`)}
            <b>{formatNumber(count)}</b>
          </span>
        ))}
      <span className={styles.tooltipRow}>
        {t('stats.outcomes.total')}
        <b>{formatNumber(bar.bucket.total)}</b>
      </span>
    </div>
  );
}

export default OutcomeBars;
