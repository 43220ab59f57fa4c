import {
  isActiveRunState,
  UNSUCCESSFUL_RUN_STATES,
  type RunState,
  type Timeline,
  type TimelinePipeline,
  type TimelineRun,
} from '@millrace/backstage-plugin-pipelines-common';

/** Bars are never narrower, px. @internal */
export const MIN_BAR_WIDTH = 2;
/** From this width on a bar of several runs has room for their number, px. @internal */
export const COUNT_FROM_WIDTH = 12;
/** Bars closer than this are one, px. */
const MIN_GAP = 1;
/** Planned starts closer than this are drawn once, px. */
const MIN_TICK_GAP = 4;
/** Least distance of the labels of the axis, px. */
const LABEL_GAP = 64;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const AXIS_STEPS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];

/** How times become px: from this moment on, so many to a ms. @internal */
export interface TimeScale {
  originMs: number;
  pxPerMs: number;
}

/** One run, or several that cannot be told apart at this scale. @internal */
export interface TimelineBar {
  left: number;
  width: number;
  /** Oldest first; never empty. */
  runs: TimelineRun[];
  /** The state that is drawn: what failed before what goes on before the rest. */
  state: RunState;
  failed: number;
}

/** Runs of a window by what they mean. @public */
export interface TimelineCounts {
  total: number;
  running: number;
  succeeded: number;
  failed: number;
}

/** A line of the timeline: the owner of those that follow, or a pipeline. @internal */
export type TimelineLine =
  | { kind: 'owner'; owner: string | undefined; pipelines: TimelinePipeline[] }
  | { kind: 'pipeline'; pipeline: TimelinePipeline };

/** Whether a run in this state ended badly. @internal */
export function isFailed(state: RunState): boolean {
  return (UNSUCCESSFUL_RUN_STATES as readonly RunState[]).includes(state);
}

/** The pipelines below their owners, those without one last. @internal */
export function linesOf(timeline: Timeline): TimelineLine[] {
  const groups = new Map<string, TimelinePipeline[]>();
  for (const pipeline of timeline.pipelines) {
    const owner = pipeline.owner ?? '';
    groups.set(owner, [...(groups.get(owner) ?? []), pipeline]);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a === '') - Number(b === '') || (a < b ? -1 : 1))
    .flatMap(([owner, pipelines]): TimelineLine[] => [
      { kind: 'owner', owner: owner || undefined, pipelines },
      ...pipelines.map(
        (pipeline): TimelineLine => ({ kind: 'pipeline', pipeline }),
      ),
    ]);
}

/** Runs as bars; those that overlap, or nearly do, are one. @internal */
export function barsOf(
  runs: readonly TimelineRun[],
  { originMs, pxPerMs }: TimeScale,
  nowMs: number,
): TimelineBar[] {
  const bars: TimelineBar[] = [];
  const sorted = [...runs].sort((a, b) => a.start - b.start);
  for (const run of sorted) {
    const left = (run.start - originMs) * pxPerMs;
    const end = Math.max(run.start, run.end ?? nowMs);
    const width = Math.max(MIN_BAR_WIDTH, (end - run.start) * pxPerMs);
    const last = bars.at(-1);
    if (last && left < last.left + last.width + MIN_GAP) {
      last.runs.push(run);
      last.width = Math.max(last.width, left + width - last.left);
      last.failed += Number(isFailed(run.state));
      last.state =
        weightOf(run.state) > weightOf(last.state) ? run.state : last.state;
    } else {
      bars.push({
        left,
        width,
        runs: [run],
        state: run.state,
        failed: Number(isFailed(run.state)),
      });
    }
  }
  return bars;
}

function weightOf(state: RunState): number {
  if (isFailed(state)) {
    return 3;
  }
  if (isActiveRunState(state)) {
    return 2;
  }
  return state === 'succeeded' ? 0 : 1;
}

/** Planned starts as far as they can be told apart. @internal */
export function plannedOf(
  planned: readonly number[],
  { originMs, pxPerMs }: TimeScale,
  nowMs: number,
): { at: number; left: number }[] {
  const ticks: { at: number; left: number }[] = [];
  for (const at of planned) {
    const left = (at - originMs) * pxPerMs;
    const last = ticks.at(-1);
    if (at > nowMs && (!last || left - last.left >= MIN_TICK_GAP)) {
      ticks.push({ at, left });
    }
  }
  return ticks;
}

/** What a window, in ms since the epoch, has of these runs. @public */
export function timelineCountsOf(
  runs: readonly TimelineRun[],
  window: { fromMs: number; toMs: number },
): TimelineCounts {
  const counts = { total: 0, running: 0, succeeded: 0, failed: 0 };
  for (const { state, start, end } of runs) {
    if (start < window.toMs && (end ?? Infinity) >= window.fromMs) {
      counts.total += 1;
      counts.running += Number(isActiveRunState(state));
      counts.succeeded += Number(state === 'succeeded');
      counts.failed += Number(isFailed(state));
    }
  }
  return counts;
}

/** A line of the axis. @internal */
export interface AxisTick {
  atMs: number;
  left: number;
  /** Written above the first tick of each day. */
  isNewDay: boolean;
}

/** The lines of the axis, on round times of the reader's clock. @internal */
export function axisOf(
  fromMs: number,
  toMs: number,
  { originMs, pxPerMs }: TimeScale,
): AxisTick[] {
  const step =
    AXIS_STEPS.find(ms => ms * pxPerMs >= LABEL_GAP) ?? AXIS_STEPS.at(-1)!;
  const ticks: AxisTick[] = [];
  const zoneMs = new Date(fromMs).getTimezoneOffset() * MINUTE_MS;
  let day: string | undefined;
  for (
    let atMs = Math.ceil((fromMs - zoneMs) / step) * step + zoneMs;
    atMs <= toMs;
    atMs += step
  ) {
    const date = new Date(atMs).toDateString();
    ticks.push({
      atMs,
      left: (atMs - originMs) * pxPerMs,
      isNewDay: date !== day,
    });
    day = date;
  }
  return ticks;
}
