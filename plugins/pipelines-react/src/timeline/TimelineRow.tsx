import { memo, useMemo, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import clsx from 'clsx';
import { VisuallyHidden } from '@backstage/ui';
import {
  isActiveRunState,
  type TimelinePipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import {
  formatClock,
  formatDuration,
  formatExactTime,
  formatNumber,
} from '../ui/format';
import { StateIcon } from '../ui/StateIcon';
import { STATE_SIGNS } from '../ui/stateSigns';
import tones from '../ui/tones.module.css';
import type { FleetTimelineProps, TimelineView } from './FleetTimeline';
import {
  barsOf,
  COUNT_FROM_WIDTH,
  MIN_BAR_WIDTH,
  plannedOf,
  timelineCountsOf,
  type TimelineBar,
  type TimeScale,
} from './FleetTimeline.model';
import styles from './FleetTimeline.module.css';

/** An owner, and what their pipelines have in sight. @internal */
export function OwnerRow(props: {
  name: ReactNode;
  pipelines: readonly TimelinePipeline[];
  view: TimelineView;
}) {
  const t = useText();
  const { name, pipelines, view } = props;
  const { running, succeeded, failed } = timelineCountsOf(
    pipelines.flatMap(({ runs }) => runs),
    view,
  );
  const counts = [
    ['running', running],
    ['succeeded', succeeded],
    ['failed', failed],
  ] as const;
  return (
    <div className={styles.owner}>
      <span className={styles.ownerName}>{name}</span>
      {counts.map(
        ([state, count]) =>
          count > 0 && (
            <span key={state} className={styles.ownerCount}>
              <StateIcon state={state} size={14} />
              {t('timeline.grid.count', {
                number: formatNumber(count),
                state: t(`ui.state.${state}`).toLocaleLowerCase(),
              })}
            </span>
          ),
      )}
    </div>
  );
}

interface PipelineRowProps
  extends Pick<
    FleetTimelineProps,
    'hrefOfRun' | 'hrefOfPipeline' | 'hrefOfSchedule'
  > {
  pipeline: TimelinePipeline;
  scale: TimeScale;
  /** Only where the row moves with it. */
  nowMs: number;
  /** Whether the Tab key stops here. */
  isStop: boolean;
  onOpen(bar: TimelineBar, element: HTMLElement): void;
}

/** A pipeline with its runs as bars. @internal */
export const PipelineRow = memo(
  PlainPipelineRow,
  (before, after) =>
    before.pipeline === after.pipeline &&
    before.scale === after.scale &&
    before.nowMs === after.nowMs &&
    before.isStop === after.isStop,
);

function PlainPipelineRow(props: PipelineRowProps) {
  const t = useText();
  const { pipeline, scale, nowMs, isStop } = props;
  const { id, title, runs, planned, expectedMs } = pipeline;
  const bars = useMemo(() => barsOf(runs, scale, nowMs), [runs, scale, nowMs]);
  const ticks = plannedOf(planned, scale, nowMs);
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  return (
    <div className={styles.row} data-pipeline={id}>
      <Link
        to={props.hrefOfPipeline(id)}
        className={styles.label}
        title={title}
        tabIndex={isStop ? 0 : -1}
        data-label={id}
      >
        {title}
        <VisuallyHidden>
          {t('timeline.fleet.rowSummary', {
            runs: formatNumber(runs.length),
            failed: formatNumber(failed),
          })}
          {ticks.length > 0 &&
            t('timeline.fleet.rowNext', { when: formatExactTime(ticks[0].at) })}
        </VisuallyHidden>
      </Link>
      <div className={styles.track} data-track="">
        <div className={styles.layer}>
          {expectedMs !== undefined &&
            runs
              .filter(({ end }) => end === undefined)
              .map(run => (
                <span
                  key={run.id}
                  aria-hidden="true"
                  className={styles.expected}
                  style={{
                    left: (run.start - scale.originMs) * scale.pxPerMs,
                    width: expectedMs * scale.pxPerMs,
                  }}
                />
              ))}
          {ticks.map(({ at, left }) => (
            <Link
              key={at}
              to={props.hrefOfSchedule(id)}
              tabIndex={-1}
              draggable={false}
              className={styles.planned}
              style={{
                left,
                width: Math.max(
                  MIN_BAR_WIDTH,
                  (expectedMs ?? 0) * scale.pxPerMs,
                ),
              }}
              aria-label={t('timeline.fleet.planned', {
                when: formatExactTime(at),
              })}
              title={t('timeline.fleet.planned', { when: formatExactTime(at) })}
            />
          ))}
          {bars.map((bar, index) => (
            <Bar
              key={bar.runs[0].id}
              bar={bar}
              nowMs={nowMs}
              isStop={isStop && index === bars.length - 1}
              hrefOfRun={props.hrefOfRun}
              onOpen={props.onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Bar(
  props: Pick<PipelineRowProps, 'nowMs' | 'isStop' | 'hrefOfRun' | 'onOpen'> & {
    bar: TimelineBar;
  },
) {
  const t = useText();
  const { bar, nowMs, isStop } = props;
  const { left, width, runs, state, failed } = bar;
  const [run] = runs;
  const { tone } = STATE_SIGNS[state];
  const end = Math.max(...runs.map(one => one.end ?? nowMs));
  const isOne = runs.length === 1;
  const name = isOne
    ? t('timeline.fleet.run', {
        state: t(`ui.state.${state}`),
        when: formatExactTime(run.start),
        duration: formatDuration(end - run.start),
      })
    : t('timeline.fleet.runs', {
        number: formatNumber(runs.length),
        from: formatClock(run.start),
        to: formatClock(end),
        failed: formatNumber(failed),
      });
  const shared = {
    className: clsx(
      styles.bar,
      tones[tone],
      tone === 'negative' && styles.hatched,
      isActiveRunState(state) && styles.goingOn,
    ),
    style: { left, width },
    tabIndex: isStop ? 0 : -1,
    title: name,
    'aria-label': name,
    'data-bar': '',
    draggable: false,
  };
  return isOne ? (
    <Link {...shared} to={props.hrefOfRun(run.id)} />
  ) : (
    <button
      {...shared}
      type="button"
      aria-haspopup="dialog"
      onClick={event => props.onOpen(bar, event.currentTarget)}
    >
      {width >= COUNT_FROM_WIDTH && formatNumber(runs.length)}
    </button>
  );
}
