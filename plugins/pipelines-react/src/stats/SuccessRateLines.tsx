import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useText } from '../translation/useText';
import { formatNumber, formatShare } from '../ui/format';
import type { SuccessRatePoint } from './successRatePoints';
import { GRID_LOOK, TIME_AXIS_LOOK, VALUE_AXIS_LOOK } from './chartAxes';
import styles from './OutcomeChart.module.css';

/** The line; in a file of its own because the chart library is large and loaded on demand. */
function SuccessRateLines(props: { points: readonly SuccessRatePoint[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0}>
      <LineChart
        data={[...props.points]}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer
      >
        <CartesianGrid {...GRID_LOOK} />
        <XAxis {...TIME_AXIS_LOOK} />
        <YAxis
          {...VALUE_AXIS_LOOK}
          width={72}
          domain={[0, 1]}
          tickFormatter={formatShare}
        />
        <Tooltip
          content={({ payload }) => (
            <PointTooltip
              point={payload?.[0]?.payload as SuccessRatePoint | undefined}
            />
          )}
        />
        <Line
          dataKey="rate"
          type="linear"
          stroke="var(--bui-positive-fg-subdued)"
          strokeWidth={2}
          dot={{ r: 2 }}
          connectNulls
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

function PointTooltip({ point }: { point: SuccessRatePoint | undefined }) {
  const t = useText();
  if (point?.rate === undefined) {
    return null;
  }
  return (
    <div className={styles.tooltip}>
      <strong>{point.label}</strong>
      <span className={styles.tooltipRow}>
        {t('stats.rates.rate')}
        <b>{formatShare(point.rate)}</b>
      </span>
      <span className={styles.tooltipRow}>
        {t('stats.outcomes.total')}
        <b>{formatNumber(point.total)}</b>
      </span>
    </div>
  );
}

export default SuccessRateLines;
