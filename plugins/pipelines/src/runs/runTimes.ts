import type { Run } from '@millrace/backstage-plugin-pipelines-common';

/** The times of a run that durations come from. */
export type RunTimesInput = Pick<Run, 'queuedAt' | 'startedAt' | 'finishedAt'> &
  Partial<Pick<Run, 'state' | 'stateChangedAt' | 'pausedMs'>>;

/** How long a run waited and executed, ms; of a run that is not over, until now. */
export interface RunTimes {
  waitedMs: number;
  /** Without the time that it stood still; undefined when it never started. */
  ranMs?: number;
  /** How long it stood still; absent when it never did. */
  pausedMs?: number;
}

/** How long a run waited, executed and stood still so far. */
export function runTimes(run: RunTimesInput, nowMs: number): RunTimes {
  const queued = Date.parse(run.queuedAt);
  const finished = run.finishedAt ? Date.parse(run.finishedAt) : undefined;
  if (!run.startedAt) {
    return { waitedMs: Math.max(0, (finished ?? nowMs) - queued) };
  }
  const started = Date.parse(run.startedAt);
  // The clocks of the server and of the browser may differ by some seconds.
  const wholeMs = Math.max(0, (finished ?? nowMs) - started);
  const pausedMs = Math.min(wholeMs, pausedSoFar(run, nowMs));
  return {
    waitedMs: Math.max(0, started - queued),
    ranMs: wholeMs - pausedMs,
    ...(pausedMs > 0 && { pausedMs }),
  };
}

function pausedSoFar(run: RunTimesInput, nowMs: number): number {
  const over = run.pausedMs ?? 0;
  return run.state === 'paused' && run.stateChangedAt
    ? over + Math.max(0, nowMs - Date.parse(run.stateChangedAt))
    : over;
}
