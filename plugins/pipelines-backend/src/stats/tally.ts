import {
  isTerminalRunState,
  RUN_STATES,
  type RunState,
  type StateCounts,
} from '@millrace/backstage-plugin-pipelines-common';

/** Ratio of neighbouring bounds of the histograms; the database function has the same. */
export const HISTOGRAM_BASE = 1.2;

/** Counts and sums of ended runs of one state. */
export interface StateTally {
  state: RunState;
  runCount: number;
  durationCount: number;
  durationSumMs: number;
  waitCount: number;
  waitSumMs: number;
}

/** Number of runs in one bucket of the duration histogram. */
export interface HistogramBucket {
  bucket: number;
  runCount: number;
}

/** The middle of a histogram's bucket, in ms. */
function bucketMiddleMs(bucket: number): number {
  return HISTOGRAM_BASE ** (bucket + 0.5);
}

/** The value below which the share of all runs lies; right to about 10 %. */
export function percentile(
  buckets: readonly HistogramBucket[],
  share: number,
): number | undefined {
  const total = buckets.reduce((sum, { runCount }) => sum + runCount, 0);
  let seen = 0;
  for (const { bucket, runCount } of [...buckets].sort(
    (a, b) => a.bucket - b.bucket,
  )) {
    seen += runCount;
    if (seen >= total * share) {
      return Math.round(bucketMiddleMs(bucket));
    }
  }
  return undefined;
}

const SUM = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0);

const mean = (sum: number, count: number) =>
  count > 0 ? Math.round(sum / count) : undefined;

/** What the answers of the API say of ended runs. */
export function summarize(
  tallies: readonly StateTally[],
  histogram: readonly HistogramBucket[],
) {
  const byState: StateCounts = {};
  for (const { state, runCount } of tallies) {
    byState[state] = (byState[state] ?? 0) + runCount;
  }
  const decided = SUM(
    RUN_STATES.filter(
      state => isTerminalRunState(state) && state !== 'cancelled',
    ).map(state => byState[state] ?? 0),
  );
  return {
    total: SUM(tallies.map(tally => tally.runCount)),
    byState,
    successRate: decided > 0 ? (byState.succeeded ?? 0) / decided : undefined,
    averageDurationMs: mean(
      SUM(tallies.map(tally => tally.durationSumMs)),
      SUM(tallies.map(tally => tally.durationCount)),
    ),
    p50DurationMs: percentile(histogram, 0.5),
    p95DurationMs: percentile(histogram, 0.95),
    averageWaitMs: mean(
      SUM(tallies.map(tally => tally.waitSumMs)),
      SUM(tallies.map(tally => tally.waitCount)),
    ),
  };
}
