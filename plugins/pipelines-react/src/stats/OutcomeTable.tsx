import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { READING_TAB_STOP } from '../ui/tabStops';
import type { OutcomeChartProps } from './OutcomeChart';
import type { OutcomeSeries } from './outcomeSeries';
import styles from './OutcomeChart.module.css';

/** The numbers of the chart, newest first; buckets without runs are left out. @internal */
export function OutcomeTable(props: {
  series: OutcomeSeries;
  onOpen: OutcomeChartProps['onOpen'];
}) {
  const t = useText();
  const { series, onOpen } = props;
  const bars = series.bars.filter(bar => bar.bucket.total > 0).reverse();
  return (
    <div className={styles.tableBox} tabIndex={READING_TAB_STOP} role="group">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('stats.outcomes.bucket')}</th>
            {series.states.map(state => (
              <th key={state} scope="col">
                {t(`ui.state.${state}`)}
              </th>
            ))}
            <th scope="col">{t('stats.outcomes.total')}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(bar => (
            <tr key={bar.bucket.start}>
              <th scope="row">
                {onOpen ? (
                  <button
                    type="button"
                    title={t('stats.outcomes.open', { bucket: bar.label })}
                    onClick={() => onOpen(bar.bucket)}
                  >
                    {bar.label}
                  </button>
                ) : (
                  bar.label
                )}
              </th>
              {series.states.map(state => (
                <td key={state}>{formatNumber(bar.counts[state] ?? 0)}</td>
              ))}
              <td>{formatNumber(bar.bucket.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
