import { z } from 'zod';
import { commaList } from '../http/page';
import { RUN_STATES } from '../runs/state';

/** Which runs a statistic is about; without `from` and `to` the last 7 days. @public */
export const StatsQuerySchema = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  pipeline: commaList(z.string().max(100)).optional(),
  owner: commaList(z.string().max(300)).optional(),
  entity: commaList(z.string().max(300)).optional(),
});

/** {@inheritDoc StatsQuerySchema} @public */
export type StatsQuery = z.output<typeof StatsQuerySchema>;

/** Query of `GET /stats` and, but for the comparison, of `GET /stats/pipelines`. @public */
export const StatsTotalsQuerySchema = StatsQuerySchema.extend({
  /** Snaps the window to this, as a chart with these buckets does; default by its length. */
  bucket: z.enum(['hour', 'day']).optional(),
  /** Adds the numbers of the time before, which is as long. */
  compare: z.enum(['previous']).optional(),
});

/** {@inheritDoc StatsTotalsQuerySchema} @public */
export type StatsTotalsQuery = z.output<typeof StatsTotalsQuerySchema>;

const durations = {
  /** Mean time from start to end of the runs that ended in the window, ms. */
  averageDurationMs: z.number().optional(),
  /** From a logarithmic histogram: right to about 10 %. */
  p50DurationMs: z.number().optional(),
  p95DurationMs: z.number().optional(),
  /** Mean time from queued to start, ms. */
  averageWaitMs: z.number().optional(),
};

/** Number of runs by state; states without runs are left out. @public */
export const StateCountsSchema = z.partialRecord(z.enum(RUN_STATES), z.int());

/** {@inheritDoc StateCountsSchema} @public */
export type StateCounts = z.infer<typeof StateCountsSchema>;

/**
 * Ended runs of the time before, of which as much is counted as is over of the window itself.
 *
 * @public
 */
export const PreviousStatsSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  total: z.int(),
  byState: StateCountsSchema,
  successRate: z.number().optional(),
  ...durations,
});

/** {@inheritDoc PreviousStatsSchema} @public */
export type PreviousStats = z.infer<typeof PreviousStatsSchema>;

/**
 * Answer of `GET /stats`.
 *
 * @remarks
 * Ended runs are counted by their end, in the window `from` to `to`, which snaps to hours (up
 * to 31 days) or days. Active runs are counted as they are now, whatever the window.
 *
 * @public
 */
export const StatsSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    total: z.int(),
    byState: StateCountsSchema,
    /** Succeeded among succeeded, failed, timed out and lost; absent when there is none. */
    successRate: z.number().min(0).max(1).optional(),
    inProgress: z.int(),
    ...durations,
    /** When it was asked for. */
    previous: PreviousStatsSchema.optional(),
  })
  .meta({ id: 'Stats' });

/** {@inheritDoc StatsSchema} @public */
export type Stats = z.infer<typeof StatsSchema>;

/** Ended runs of one pipeline in a window. @public */
export const PipelineStatsSchema = z
  .object({
    pipelineId: z.string(),
    total: z.int(),
    byState: StateCountsSchema,
    successRate: z.number().optional(),
    ...durations,
  })
  .meta({ id: 'PipelineStats' });

/** {@inheritDoc PipelineStatsSchema} @public */
export type PipelineStats = z.infer<typeof PipelineStatsSchema>;

/** Answer of `GET /stats/pipelines`: those with ended runs in the window, the busiest first. @public */
export const StatsByPipelineSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    pipelines: z.array(PipelineStatsSchema),
  })
  .meta({ id: 'StatsByPipeline' });

/** {@inheritDoc StatsByPipelineSchema} @public */
export type StatsByPipeline = z.infer<typeof StatsByPipelineSchema>;

/** Query of `GET /stats/history`. @public */
export const StatsHistoryQuerySchema = StatsQuerySchema.extend({
  bucket: z.enum(['hour', 'day']).default('day'),
  groupBy: z.enum(['none', 'pipeline']).default('none'),
});

/** {@inheritDoc StatsHistoryQuerySchema} @public */
export type StatsHistoryQuery = z.output<typeof StatsHistoryQuerySchema>;

/** Ended runs of one bucket of time. @public */
export const StatsBucketSchema = z
  .object({
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    /** The pipeline, when grouped by it. */
    pipelineId: z.string().optional(),
    total: z.int(),
    byState: StateCountsSchema,
    successRate: z.number().optional(),
    ...durations,
  })
  .meta({ id: 'StatsBucket' });

/** {@inheritDoc StatsBucketSchema} @public */
export type StatsBucket = z.infer<typeof StatsBucketSchema>;

/** Answer of `GET /stats/history`, oldest bucket first, empty buckets included (none when grouped). @public */
export const StatsHistorySchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    bucket: z.enum(['hour', 'day']),
    timezone: z.string(),
    buckets: z.array(StatsBucketSchema),
  })
  .meta({ id: 'StatsHistory' });

/** {@inheritDoc StatsHistorySchema} @public */
export type StatsHistory = z.infer<typeof StatsHistorySchema>;
