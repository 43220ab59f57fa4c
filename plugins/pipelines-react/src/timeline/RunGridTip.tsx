import type { PipelineGrid } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatDuration, formatExactTime } from '../ui/format';
import { RunStateBadge } from '../ui/RunStateBadge';
import { StateIcon } from '../ui/StateIcon';
import {
  durationOf,
  runDurationOf,
  type GridColumn,
  type GridPlace,
} from './RunGrid.model';
import styles from './RunGrid.module.css';

/** What a bar or square is about, beside it; its name tells screen readers the same. @internal */
export function RunGridTip(props: {
  grid: PipelineGrid;
  columns: readonly GridColumn[];
  place: GridPlace & { left: number; top: number };
}) {
  const t = useText();
  const { grid, columns, place } = props;
  const column = columns.find(({ run }) => run.id === place.runId);
  if (!column) {
    return null;
  }
  const { run, cells, hasNewSettings } = column;
  const nowMs = Date.now();
  const durationMs = runDurationOf(run, nowMs);
  const step = cells[place.row];
  const stepMs = step && durationOf(step, step.state === 'running', nowMs);
  return (
    <div
      aria-hidden="true"
      className={styles.tip}
      style={{ left: place.left, top: place.top }}
    >
      {place.row >= 0 && (
        <span className={styles.tipStep}>
          {step && <StateIcon state={step.state} size={14} />}
          <strong>{grid.steps[place.row]}</strong>
          {step ? t(`ui.state.${step.state}`) : t('timeline.grid.nothing')}
          {stepMs !== undefined && ` · ${formatDuration(stepMs)}`}
        </span>
      )}
      <span className={styles.tipRun}>
        <RunStateBadge state={run.state} />
        {durationMs !== undefined && formatDuration(durationMs)}
      </span>
      <span>{run.title}</span>
      <span>
        {formatExactTime(run.startedAt ?? run.queuedAt)}
        {' · '}
        {t(`ui.trigger.${run.trigger}`)}
      </span>
      {hasNewSettings && (
        <span>
          {t('timeline.grid.newSettings', {
            revision: String(run.settingsRevision),
          })}
        </span>
      )}
    </div>
  );
}
