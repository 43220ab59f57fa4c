import { useState, type ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup, VisuallyHidden } from '@backstage/ui';
import { useText } from '../translation/useText';
import { PanelNotice } from '../ui/PanelNotice';
import styles from './OutcomeChart.module.css';

/** Props of {@link ChartFrame}. @internal */
export interface ChartFrameProps {
  title: string;
  legend: ReactNode;
  /** What the chart says, in one sentence. */
  summary: string | undefined;
  /** Height of the chart, px. */
  height: number;
  isEmpty: boolean;
  chart: ReactNode;
  table: ReactNode;
}

/** What every chart has: a legend, a sentence for those who do not see it, and itself as a table. @internal */
export function ChartFrame(props: ChartFrameProps) {
  const t = useText();
  const { title, legend, summary, height, isEmpty, chart, table } = props;
  const [view, setView] = useState<'chart' | 'table'>('chart');
  return (
    <section aria-label={title}>
      <div className={styles.head}>
        {legend}
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
      {summary && <VisuallyHidden>{summary}</VisuallyHidden>}
      <div style={{ height }} className={styles.frame}>
        {isEmpty && (
          <PanelNotice kind="empty" title={t('stats.outcomes.empty')} />
        )}
        {!isEmpty && (view === 'chart' ? chart : table)}
      </div>
    </section>
  );
}
