import type { Run, RunStep } from '@millrace/backstage-plugin-pipelines-common';

/** A piece of a bar, in fractions of the axis. @internal */
export interface TimelineSegment {
  kind: 'wait' | 'run';
  start: number;
  width: number;
}

/** One row of the timeline. @internal */
export interface TimelineRow {
  step: RunStep;
  durationMs?: number;
  /** Share of the time that all steps ran. */
  share?: number;
  segments: TimelineSegment[];
}

/** The rows on one axis of time. @internal */
export interface StepTimelineModel {
  startMs: number;
  endMs: number;
  /** How long the run waited before its first step began; absent while it waits. */
  waitMs?: number;
  /** Whether the waiting is part of the axis. */
  showsWait: boolean;
  rows: TimelineRow[];
  ticks: Array<{ at: number; offsetMs: number }>;
}

/** A wait longer than this share of the axis would squeeze the steps to slivers, so it is left out at first. */
const LARGEST_WAIT_SHARE = 0.4;
/** A gap before a step that is shorter than this share of the axis is not drawn. */
const SMALLEST_GAP = 0.004;
const MIN_AXIS_MS = 1_000;
const TICK_STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
  28_800_000, 86_400_000,
];
const MAX_TICKS = 6;

/**
 * Lays the steps of an attempt out on one axis of time.
 *
 * @param options - `showWait` forces the waiting before the first step in or out of the axis;
 * by default it is in unless it would squeeze the steps.
 *
 * @internal
 */
export function layOutSteps(options: {
  run: Pick<Run, 'queuedAt' | 'startedAt' | 'finishedAt'>;
  steps: readonly RunStep[];
  nowMs: number;
  showWait?: boolean;
}): StepTimelineModel {
  const { run, steps, nowMs } = options;
  const queuedMs = Date.parse(run.queuedAt);
  const starts = steps.flatMap(step => timeOf(step.startedAt) ?? []);
  const firstMs = starts.length > 0 ? Math.min(...starts) : undefined;
  const ends = steps.map(step => timeOf(step.finishedAt) ?? queuedMs);
  const endMs = Math.max(
    timeOf(run.finishedAt) ?? nowMs,
    ...ends,
    (firstMs ?? queuedMs) + MIN_AXIS_MS,
  );
  const waitMs = firstMs === undefined ? undefined : firstMs - queuedMs;
  const showsWait =
    firstMs === undefined ||
    (options.showWait ??
      (waitMs ?? 0) / (endMs - queuedMs) <= LARGEST_WAIT_SHARE);
  const startMs = showsWait ? queuedMs : firstMs ?? queuedMs;
  const axis = { startMs, endMs };
  return {
    ...axis,
    waitMs,
    showsWait,
    rows: layOutRows(steps, axis, nowMs),
    ticks: ticksOf(axis),
  };
}

interface Axis {
  startMs: number;
  endMs: number;
}

function layOutRows(
  steps: readonly RunStep[],
  axis: Axis,
  nowMs: number,
): TimelineRow[] {
  const durations = steps.map(step => durationOf(step, nowMs));
  const total = durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  let freeAtMs = axis.startMs;
  return steps.map((step, index) => {
    const durationMs = durations[index];
    const startedMs = timeOf(step.startedAt);
    if (startedMs === undefined || durationMs === undefined) {
      return { step, segments: [] };
    }
    const segments: TimelineSegment[] = [];
    const gap = segmentOf('wait', freeAtMs, startedMs, axis);
    if (gap.width >= SMALLEST_GAP) {
      segments.push(gap);
    }
    segments.push(segmentOf('run', startedMs, startedMs + durationMs, axis));
    freeAtMs = Math.max(freeAtMs, startedMs + durationMs);
    return {
      step,
      durationMs,
      share: total > 0 ? durationMs / total : undefined,
      segments,
    };
  });
}

/** How long a step took, or has taken so far. @internal */
export function durationOf(step: RunStep, nowMs: number): number | undefined {
  const startedMs = timeOf(step.startedAt);
  if (startedMs === undefined) {
    return undefined;
  }
  const finishedMs = timeOf(step.finishedAt);
  if (finishedMs === undefined && step.state !== 'running') {
    return undefined;
  }
  return Math.max(0, (finishedMs ?? nowMs) - startedMs);
}

function segmentOf(
  kind: TimelineSegment['kind'],
  fromMs: number,
  toMs: number,
  axis: Axis,
): TimelineSegment {
  const length = axis.endMs - axis.startMs;
  const start = clamp((fromMs - axis.startMs) / length);
  const end = clamp((toMs - axis.startMs) / length);
  return { kind, start, width: Math.max(0, end - start) };
}

function ticksOf({ startMs, endMs }: Axis): StepTimelineModel['ticks'] {
  const length = endMs - startMs;
  const stepMs =
    TICK_STEPS_MS.find(step => length / step <= MAX_TICKS) ??
    Math.ceil(length / MAX_TICKS);
  const ticks = [];
  for (let offsetMs = 0; offsetMs <= length; offsetMs += stepMs) {
    ticks.push({ at: offsetMs / length, offsetMs });
  }
  return ticks;
}

function timeOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso);
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
