import { useText } from '../translation/useText';
import { formatNumber, formatShare } from '../ui/format';
import { READING_TAB_STOP } from '../ui/tabStops';
import type { SuccessRatePoint } from './successRatePoints';
import styles from './OutcomeChart.module.css';

/** The numbers of the chart, newest first; buckets without a rate are left out. @internal */
export function SuccessRateTable(props: {
  points: readonly SuccessRatePoint[];
}) {
  const t = useText();
  const rows = props.points
    .flatMap(({ rate, ...point }) =>
      rate === undefined ? [] : [{ ...point, rate }],
    )
    .reverse();
  return (
    <div className={styles.tableBox} tabIndex={READING_TAB_STOP} role="group">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('stats.outcomes.bucket')}</th>
            <th scope="col">{t('stats.rates.rate')}</th>
            <th scope="col">{t('stats.outcomes.total')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ start, label, rate, total }) => (
            <tr key={start}>
              <th scope="row">{label}</th>
              <td>{formatShare(rate)}</td>
              <td>{formatNumber(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
