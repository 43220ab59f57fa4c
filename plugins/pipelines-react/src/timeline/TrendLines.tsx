import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import chart from '../stats/OutcomeChart.module.css';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import {
  formatMeasure,
  type TrendLinesProps,
  type TrendMeasure,
  type TrendPoint,
} from './TrendChart';

const HAIRLINE = 'color-mix(in srgb, var(--bui-fg-primary) 15%, transparent)';
const AXIS_TICK = { fill: 'var(--bui-fg-secondary)', fontSize: 11 };
/** Room for a label of the time axis, px. */
const TICK_GAP_PX = 28;

/** The lines of a trend; in a file of its own because the chart library is large and loaded on demand. */
function TrendLines({ measure, points }: TrendLinesProps) {
  const isRate = measure === 'successRate';
  const line = {
    type: 'monotone' as const,
    connectNulls: true,
    isAnimationActive: false,
    dot: { r: 2 },
  };
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0}>
      <LineChart
        data={[...points]}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer
      >
        <CartesianGrid
          vertical={false}
          stroke={HAIRLINE}
          strokeDasharray="2 3"
        />
        <XAxis
          dataKey="label"
          tick={AXIS_TICK}
          tickLine={false}
          axisLine={{ stroke: HAIRLINE }}
          interval="equidistantPreserveStart"
          minTickGap={TICK_GAP_PX}
        />
        <YAxis
          width={72}
          domain={isRate ? [0, 1] : [0, 'auto']}
          tick={AXIS_TICK}
          tickLine={false}
          axisLine={false}
          tickFormatter={value => formatMeasure(measure, value)}
        />
        <Tooltip
          content={({ payload }) => (
            <PointTooltip
              measure={measure}
              point={payload?.[0]?.payload as TrendPoint | undefined}
            />
          )}
        />
        <Line
          {...line}
          dataKey="value"
          stroke={
            isRate
              ? 'var(--bui-positive-fg-subdued)'
              : 'var(--bui-announcement-fg-subdued)'
          }
          strokeWidth={2}
        />
        {!isRate && (
          <Line
            {...line}
            dataKey="high"
            stroke="var(--bui-fg-primary)"
            strokeDasharray="5 3"
          />
        )}
      </LineChart>
    </ResponsiveContainer>
  );
}

function PointTooltip(props: {
  measure: TrendMeasure;
  point: TrendPoint | undefined;
}) {
  const t = useText();
  const { measure, point } = props;
  if (!point) {
    return null;
  }
  const isDuration = measure === 'duration';
  return (
    <div className={chart.tooltip}>
      <strong>{point.label}</strong>
      <span className={chart.tooltipRow}>
        {t(isDuration ? 'timeline.trend.p50' : 'timeline.trend.rate')}
        <b>{formatMeasure(measure, point.value)}</b>
      </span>
      {isDuration && (
        <span className={chart.tooltipRow}>
          {t('timeline.trend.p95')}
          <b>{formatMeasure(measure, point.high)}</b>
        </span>
      )}
      <span className={chart.tooltipRow}>
        {t('stats.outcomes.total')}
        <b>{formatNumber(point.total)}</b>
      </span>
    </div>
  );
}

export default TrendLines;
