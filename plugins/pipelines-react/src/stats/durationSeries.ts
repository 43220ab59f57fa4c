import type {
  StatsBucket,
  StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import { bucketLabel } from './outcomeSeries';

/** The percentiles of a bucket, in seconds; null where nothing ended. @internal */
export interface DurationPoint {
  bucket: StatsBucket;
  label: string;
  /** The bucket is not over yet, so they may still change. */
  unfinished: boolean;
  p50: number | null;
  p95: number | null;
  /** Of the bucket that is not over and the one before it, to be drawn dashed. */
  p50Open: number | null;
  p95Open: number | null;
}

/** Points per bucket, oldest first. @internal */
export interface DurationSeries {
  points: DurationPoint[];
  /** The one with the longest p95. */
  slowest?: DurationPoint;
}

const SECOND_MS = 1_000;

/** Points per bucket from the answer of `GET /stats/history`. @internal */
export function durationSeriesOf(
  history: StatsHistory,
  nowMs: number,
): DurationSeries {
  const seconds = (ms: number | undefined) =>
    ms === undefined ? null : ms / SECOND_MS;
  const isOpen = (bucket: StatsBucket | undefined) =>
    bucket !== undefined && Date.parse(bucket.end) > nowMs;
  const points = history.buckets.map((bucket, index): DurationPoint => {
    const p50 = seconds(bucket.p50DurationMs);
    const p95 = seconds(bucket.p95DurationMs);
    const unfinished = isOpen(bucket);
    const leadsToOpen = unfinished || isOpen(history.buckets[index + 1]);
    return {
      bucket,
      label: bucketLabel(bucket.start, history.bucket, history.timezone),
      unfinished,
      p50: unfinished ? null : p50,
      p95: unfinished ? null : p95,
      p50Open: leadsToOpen ? p50 : null,
      p95Open: leadsToOpen ? p95 : null,
    };
  });
  return {
    points,
    slowest: points.reduce<DurationPoint | undefined>(
      (most, point) =>
        point.bucket.p95DurationMs !== undefined &&
        point.bucket.p95DurationMs > (most?.bucket.p95DurationMs ?? -1)
          ? point
          : most,
      undefined,
    ),
  };
}
