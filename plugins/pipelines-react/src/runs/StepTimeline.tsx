import { useState, type KeyboardEvent } from 'react';
import clsx from 'clsx';
import { Switch, Text } from '@backstage/ui';
import type { Run, RunStep } from '@millrace/backstage-plugin-pipelines-common';
import { useNow } from '../live/useNow';
import { useText } from '../translation/useText';
import { formatDuration, formatShare } from '../ui/format';
import { Named } from '../ui/Named';
import { PanelNotice } from '../ui/PanelNotice';
import { StateIcon } from '../ui/StateIcon';
import { STATE_SIGNS } from '../ui/stateSigns';
import tones from '../ui/tones.module.css';
import {
  layOutSteps,
  type StepTimelineModel,
  type TimelineRow,
} from './StepTimeline.model';
import styles from './StepTimeline.module.css';

/** Props of {@link StepTimeline}. @public */
export interface StepTimelineProps {
  run: Pick<Run, 'queuedAt' | 'startedAt' | 'finishedAt'>;
  /** Steps of one attempt, in order of position. */
  steps: readonly RunStep[];
  /** Name of the chosen step. */
  selected?: string;
  /** Called with undefined when the chosen step is chosen again; without it rows are no buttons. */
  onSelect?(name: string | undefined): void;
}

/**
 * The steps of an attempt with their bars on one axis of time: waiting hatched, running solid,
 * the bar of a running step growing each second.
 *
 * @public
 */
export function StepTimeline(props: StepTimelineProps) {
  const { run, steps, selected, onSelect } = props;
  const t = useText();
  const [showWait, setShowWait] = useState<boolean>();
  const nowMs = useNow(run.finishedAt ? 0 : 1_000);
  const model = layOutSteps({ run, steps, nowMs, showWait });
  if (steps.length === 0) {
    return <PanelNotice kind="empty" title={t('runs.steps.none')} />;
  }
  return (
    <div className={styles.timeline}>
      <Axis model={model} />
      <ol className={styles.rows} aria-label={t('runs.steps.list')}>
        {model.rows.map(row => (
          <StepRow
            key={row.step.name}
            row={row}
            ticks={model.ticks}
            selected={row.step.name === selected}
            onSelect={onSelect}
          />
        ))}
      </ol>
      <Legend model={model} onShowWaitChange={setShowWait} />
    </div>
  );
}

function Axis({ model }: { model: StepTimelineModel }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      <div className={styles.track}>
        {model.ticks.map(({ at, offsetMs }) => (
          <span
            key={offsetMs}
            className={styles.tickLabel}
            style={{ left: `${at * 100}%` }}
          >
            {offsetMs === 0 ? '0' : formatTick(offsetMs)}
          </span>
        ))}
      </div>
    </div>
  );
}

function StepRow(props: {
  row: TimelineRow;
  ticks: StepTimelineModel['ticks'];
  selected: boolean;
  onSelect: StepTimelineProps['onSelect'];
}) {
  const t = useText();
  const { row, ticks, selected, onSelect } = props;
  const { step, durationMs, share } = row;
  const state = t(`ui.state.${step.state}`);
  const duration =
    durationMs === undefined
      ? undefined
      : formatDuration(durationMs, { whole: step.state === 'running' });
  const label = duration
    ? t('runs.steps.rowWithDuration', { name: step.name, state, duration })
    : t('runs.steps.row', { name: step.name, state });
  const content = (
    <>
      <span className={styles.head}>
        <StateIcon state={step.state} />
        <span className={styles.name} title={step.message ?? step.name}>
          {step.name}
        </span>
        <span className={styles.duration}>{duration ?? '–'}</span>
        <span className={styles.share}>
          {share === undefined ? '' : formatShare(share)}
        </span>
      </span>
      <span className={styles.track}>
        {ticks.map(({ at, offsetMs }) => (
          <span
            key={offsetMs}
            className={styles.tick}
            style={{ left: `${at * 100}%` }}
          />
        ))}
        <Bars row={row} />
      </span>
    </>
  );
  return (
    <li>
      {onSelect ? (
        <button
          type="button"
          className={clsx(styles.row, selected && styles.selected)}
          aria-pressed={selected}
          onClick={() => onSelect(selected ? undefined : step.name)}
          onKeyDown={moveFocus}
        >
          <Named name={label}>{content}</Named>
        </button>
      ) : (
        <div className={styles.row} role="group" aria-label={label}>
          {content}
        </div>
      )}
    </li>
  );
}

function Bars({ row }: { row: TimelineRow }) {
  const tone = tones[STATE_SIGNS[row.step.state].tone];
  return (
    <>
      {row.segments.map(({ kind, start, width }) => (
        <span
          key={kind}
          className={clsx(
            styles.bar,
            tone,
            styles[kind],
            kind === 'run' && styles[row.step.state],
          )}
          style={{ left: `${start * 100}%`, width: `${width * 100}%` }}
        />
      ))}
    </>
  );
}

function Legend(props: {
  model: StepTimelineModel;
  onShowWaitChange(showWait: boolean): void;
}) {
  const t = useText();
  const { model, onShowWaitChange } = props;
  return (
    <div className={styles.legend}>
      <span className={styles.key}>
        <span className={clsx(styles.swatch, styles.wait)} />
        <Text variant="body-small">{t('runs.steps.legendWait')}</Text>
      </span>
      <span className={styles.key}>
        <span className={clsx(styles.swatch, styles.run, tones.announcement)} />
        <Text variant="body-small">{t('runs.steps.legendRun')}</Text>
      </span>
      {model.waitMs !== undefined && model.waitMs > 0 && (
        <>
          <Text variant="body-small" color="secondary">
            {t('runs.steps.waited', {
              duration: formatDuration(model.waitMs),
            })}
          </Text>
          <Switch
            label={t('runs.steps.showWait')}
            isSelected={model.showsWait}
            onChange={onShowWaitChange}
          />
        </>
      )}
    </div>
  );
}

function formatTick(offsetMs: number): string {
  return offsetMs < 60_000 && offsetMs % 1_000 === 0
    ? `${offsetMs / 1_000} s`
    : formatDuration(offsetMs).replace(/ 00 [sm]$/, '');
}

function moveFocus(event: KeyboardEvent<HTMLButtonElement>): void {
  const list = event.currentTarget.closest('ol');
  const rows = [...(list?.querySelectorAll('button') ?? [])];
  const current = rows.indexOf(event.currentTarget);
  const targets: Record<string, number> = {
    ArrowDown: Math.min(current + 1, rows.length - 1),
    ArrowUp: Math.max(current - 1, 0),
    Home: 0,
    End: rows.length - 1,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    rows[target].focus();
  }
}
