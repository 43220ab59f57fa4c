import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { bucketLabel } from './outcomeSeries';

/** A bucket of the chart of success rates. @internal */
export interface SuccessRatePoint {
  /** ISO. */
  start: string;
  label: string;
  total: number;
  /** From 0 to 1; undefined where no run succeeded or failed. */
  rate: number | undefined;
}

/** The success rate of each bucket, oldest first. @internal */
export function successRatePoints(history: StatsHistory): SuccessRatePoint[] {
  const { buckets, bucket: grain, timezone } = history;
  return buckets.map(({ start, total, successRate }) => ({
    start,
    label: bucketLabel(start, grain, timezone),
    total,
    rate: successRate,
  }));
}
