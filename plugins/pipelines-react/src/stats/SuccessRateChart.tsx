import { lazy, Suspense, useMemo } from 'react';
import { Skeleton } from '@backstage/ui';
import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatShare } from '../ui/format';
import { ChartFrame } from './ChartFrame';
import { successRatePoints } from './successRatePoints';
import { SuccessRateTable } from './SuccessRateTable';

// Where its code cannot be fetched, such as while the portal restarts, the table says the same.
const SuccessRateLines = lazy(() =>
  import('./SuccessRateLines').catch(() => ({ default: SuccessRateTable })),
);

/** Props of {@link SuccessRateChart}. @public */
export interface SuccessRateChartProps {
  /** Not grouped. */
  history: StatsHistory;
  /** Height of the chart, px. */
  height?: number;
}

/**
 * How often the runs succeeded that ended per hour or day; also as a table and in one sentence.
 *
 * @public
 */
export function SuccessRateChart(props: SuccessRateChartProps) {
  const t = useText();
  const { history, height = 220 } = props;
  const points = useMemo(() => successRatePoints(history), [history]);
  const known = points.filter(({ rate }) => rate !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  return (
    <ChartFrame
      title={t('stats.rates.title')}
      legend={<span>{t('stats.rates.legend')}</span>}
      summary={
        first &&
        last &&
        t('stats.rates.summary', {
          from: first.label,
          to: last.label,
          first: formatShare(first.rate!),
          last: formatShare(last.rate!),
        })
      }
      height={height}
      isEmpty={known.length === 0}
      chart={
        <Suspense fallback={<Skeleton width="100%" height={height} />}>
          <SuccessRateLines points={points} />
        </Suspense>
      }
      table={<SuccessRateTable points={points} />}
    />
  );
}
