import { useText } from '../translation/useText';
import { formatDuration, formatNumber } from '../ui/format';
import { READING_TAB_STOP } from '../ui/tabStops';
import type { DurationChartProps } from './DurationChart';
import type { DurationSeries } from './durationSeries';
import styles from './OutcomeChart.module.css';

/** The numbers of the chart, newest first; buckets without runs are left out. @internal */
export function DurationTable(props: {
  series: DurationSeries;
  onOpen: DurationChartProps['onOpen'];
}) {
  const t = useText();
  const { series, onOpen } = props;
  const points = series.points
    .filter(({ bucket }) => bucket.p50DurationMs !== undefined)
    .reverse();
  const text = (ms: number | undefined) =>
    ms === undefined ? '' : formatDuration(ms);
  return (
    <div className={styles.tableBox} tabIndex={READING_TAB_STOP} role="group">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('stats.outcomes.bucket')}</th>
            <th scope="col">{t('stats.durations.p50')}</th>
            <th scope="col">{t('stats.durations.p95')}</th>
            <th scope="col">{t('stats.outcomes.total')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ bucket, label }) => (
            <tr key={bucket.start}>
              <th scope="row">
                {onOpen ? (
                  <button
                    type="button"
                    title={t('stats.outcomes.open', { bucket: label })}
                    onClick={() => onOpen(bucket)}
                  >
                    {label}
                  </button>
                ) : (
                  label
                )}
              </th>
              <td>{text(bucket.p50DurationMs)}</td>
              <td>{text(bucket.p95DurationMs)}</td>
              <td>{formatNumber(bucket.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
