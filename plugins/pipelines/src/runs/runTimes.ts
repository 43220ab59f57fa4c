import type { Run } from '@millrace/backstage-plugin-pipelines-common';

/** The times of a run that durations come from. */
export type RunTimesInput = Pick<Run, 'queuedAt' | 'startedAt' | 'finishedAt'>;

/** How long a run waited and executed, ms; of a run that is not over, until now. */
export interface RunTimes {
  waitedMs: number;
  /** Undefined when it never started. */
  ranMs?: number;
}

/** How long a run waited and executed so far. */
export function runTimes(run: RunTimesInput, nowMs: number): RunTimes {
  const queued = Date.parse(run.queuedAt);
  const finished = run.finishedAt ? Date.parse(run.finishedAt) : undefined;
  if (!run.startedAt) {
    return { waitedMs: Math.max(0, (finished ?? nowMs) - queued) };
  }
  const started = Date.parse(run.startedAt);
  return {
    waitedMs: Math.max(0, started - queued),
    // The clocks of the server and of the browser may differ by some seconds.
    ranMs: Math.max(0, (finished ?? nowMs) - started),
  };
}
