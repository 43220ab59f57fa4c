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
import { formatDuration } from '../ui/format';
import type { DurationChartProps } from './DurationChart';
import type { DurationPoint, DurationSeries } from './durationSeries';
import { GRID_LOOK, TIME_AXIS_LOOK, VALUE_AXIS_LOOK } from './chartAxes';
import styles from './OutcomeChart.module.css';

const SECOND_MS = 1_000;

/** Thick and thin, so that they are not told apart by colour alone; dashed while a bucket is not over. */
const LINES = [
  { key: 'p95', color: 'var(--bui-announcement-fg-subdued)', width: 3 },
  { key: 'p50', color: 'var(--bui-fg-secondary)', width: 1.5 },
  {
    key: 'p95Open',
    color: 'var(--bui-announcement-fg-subdued)',
    width: 3,
    dash: '4 4',
  },
  { key: 'p50Open', color: 'var(--bui-fg-secondary)', width: 1.5, dash: '4 4' },
] as const;

/** The lines; in a file of its own because the chart library is large and loaded on demand. */
function DurationLines(props: {
  series: DurationSeries;
  onOpen: DurationChartProps['onOpen'];
}) {
  const { series, onOpen } = props;
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0}>
      <LineChart
        data={series.points}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer
        onClick={({ activeTooltipIndex }) => {
          const point = series.points[Number(activeTooltipIndex ?? -1)];
          if (point) {
            onOpen?.(point.bucket);
          }
        }}
      >
        <CartesianGrid {...GRID_LOOK} />
        <XAxis {...TIME_AXIS_LOOK} />
        <YAxis
          {...VALUE_AXIS_LOOK}
          width={72}
          tickFormatter={(seconds: number) =>
            formatDuration(seconds * SECOND_MS)
          }
        />
        <Tooltip
          content={({ payload }) => (
            <PointTooltip
              point={payload?.[0]?.payload as DurationPoint | undefined}
            />
          )}
        />
        {LINES.map(({ key, color, width, ...line }) => (
          <Line
            key={key}
            dataKey={key}
            stroke={color}
            strokeWidth={width}
            strokeDasharray={'dash' in line ? line.dash : undefined}
            type="linear"
            dot={{ r: 2, fill: color, strokeWidth: 0 }}
            activeDot={{ r: 4, cursor: onOpen ? 'pointer' : undefined }}
            isAnimationActive={false}
            connectNulls
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

function PointTooltip({ point }: { point: DurationPoint | undefined }) {
  const t = useText();
  if (!point) {
    return null;
  }
  const { p50DurationMs, p95DurationMs } = point.bucket;
  const rows = [
    { name: t('stats.durations.p95'), ms: p95DurationMs },
    { name: t('stats.durations.p50'), ms: p50DurationMs },
  ];
  return (
    <div className={styles.tooltip}>
      <strong>{point.label}</strong>
      {point.unfinished && <span>{t('stats.outcomes.unfinished')}</span>}
      {rows.map(
        ({ name, ms }) =>
          ms !== undefined && (
            <span key={name} className={styles.tooltipRow}>
              {name}
              <b>{formatDuration(ms)}</b>
            </span>
          ),
      )}
      <span>{t('stats.durations.accuracy')}</span>
    </div>
  );
}

export default DurationLines;
