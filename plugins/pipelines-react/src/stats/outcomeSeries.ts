import {
  TERMINAL_RUN_STATES,
  type RunState,
  type StatsBucket,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';

/** One bar: a bucket with its counts. @internal */
export interface OutcomeBar {
  bucket: StatsBucket;
  label: string;
  /** The bucket is not over yet, so it may still grow. */
  unfinished: boolean;
  counts: Partial<Record<RunState, number>>;
}

/** The bars, and what they add up to. @internal */
export interface OutcomeSeries {
  bars: OutcomeBar[];
  /** States that occur, from the bottom of a bar to its top. */
  states: RunState[];
  totals: Partial<Record<RunState, number>>;
  total: number;
  busiest?: OutcomeBar;
}

/** Bars per bucket from the answer of `GET /stats/history`. @internal */
export function outcomeSeriesOf(
  history: StatsHistory,
  nowMs: number,
): OutcomeSeries {
  const totals: OutcomeSeries['totals'] = {};
  const bars = history.buckets.map(bucket => {
    for (const state of TERMINAL_RUN_STATES) {
      const count = bucket.byState[state] ?? 0;
      if (count > 0) {
        totals[state] = (totals[state] ?? 0) + count;
      }
    }
    return {
      bucket,
      label: bucketLabel(bucket.start, history.bucket, history.timezone),
      unfinished: Date.parse(bucket.end) > nowMs,
      counts: bucket.byState,
    };
  });
  const total = Object.values(totals).reduce((sum, count) => sum + count, 0);
  return {
    bars,
    states: TERMINAL_RUN_STATES.filter(state => totals[state]),
    totals,
    total,
    busiest:
      total > 0
        ? bars.reduce((most, bar) =>
            bar.bucket.total > most.bucket.total ? bar : most,
          )
        : undefined,
  };
}

/** A day as `Mon, Sep 29`, an hour as `Sep 29, 14:00`, in the zone in which the buckets were cut. */
export function bucketLabel(
  start: string,
  bucket: 'hour' | 'day',
  timeZone: string,
): string {
  return new Intl.DateTimeFormat(undefined, {
    timeZone,
    month: 'short',
    day: 'numeric',
    ...(bucket === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { weekday: 'short' }),
  }).format(new Date(start));
}
