import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { HistogramBucket, StateTally } from '../tally';
import type { Window } from '../window';

/** Counts of ended runs; `startAt` and `pipelineId` only where asked for. */
export interface TallyRow extends StateTally {
  startAt?: Date;
  pipelineId?: string;
}

/** Buckets of durations of ended runs; `startAt` and `pipelineId` only where asked for. */
export interface HistogramRow extends HistogramBucket {
  startAt?: Date;
  pipelineId?: string;
}

/** Which ended runs are counted, and what each row of the answer is about. */
export interface TallyOptions {
  knex: Knex;
  window: Window;
  pipelines: PipelineSet;
  timezone: string;
  perBucket: boolean;
  perPipeline: boolean;
}

function parts(options: TallyOptions) {
  const { window, pipelines, perBucket, perPipeline } = options;
  const isTotal = pipelines === 'all' && !perPipeline;
  const grain = window.grain === 'hour' ? 'stats_hourly' : 'stats_daily';
  return {
    table: isTotal ? `${grain}_total` : grain,
    truncated:
      window.grain === 'hour'
        ? `date_trunc('hour', ended_at, 'UTC')`
        : `date_trunc('day', ended_at, :timezone)`,
    only: pipelines === 'all' ? '' : 'and pipeline_id = any(:pipelines)',
    pipeline: isTotal ? '' : 'pipeline_id, ',
    keys: [
      ...(perBucket ? ['start_at'] : []),
      ...(perPipeline ? ['pipeline_id'] : []),
    ],
    bindings: {
      from: window.from.toJSDate(),
      to: window.to.toJSDate(),
      timezone: options.timezone,
      ...(pipelines !== 'all' && { pipelines: [...pipelines] }),
    },
  };
}

/** Counts of ended runs by state, roll-ups and deltas that are not folded yet in one snapshot. */
export async function readTallies(options: TallyOptions): Promise<TallyRow[]> {
  const { table, truncated, only, pipeline, keys, bindings } = parts(options);
  const columns = [...keys, 'state'].join(', ');
  const { rows } = await options.knex.raw(
    `select ${columns}, sum(run_count) as run_count, sum(duration_count) as duration_count,
       sum(duration_sum_ms) as duration_sum_ms, sum(wait_count) as wait_count, sum(wait_sum_ms) as wait_sum_ms
     from (
       select start_at, ${pipeline}state, run_count, duration_count, duration_sum_ms, wait_count, wait_sum_ms
       from ${table} where start_at >= :from and start_at < :to ${only}
       union all
       select ${truncated}, ${pipeline}state, weight,
         weight * (duration_ms is not null)::int, weight * coalesce(duration_ms, 0),
         weight * (wait_ms is not null)::int, weight * coalesce(wait_ms, 0)
       from stats_deltas where ended_at >= :from and ended_at < :to ${only}
     ) as ended group by ${columns} having sum(run_count) <> 0`,
    bindings,
  );
  return rows.map((row: Record<string, unknown>) => ({
    startAt: row.start_at as Date | undefined,
    pipelineId: row.pipeline_id as string | undefined,
    state: row.state as RunState,
    runCount: Number(row.run_count),
    durationCount: Number(row.duration_count),
    durationSumMs: Number(row.duration_sum_ms),
    waitCount: Number(row.wait_count),
    waitSumMs: Number(row.wait_sum_ms),
  }));
}

/** The histogram of durations of ended runs, in the same way. */
export async function readDurations(
  options: TallyOptions,
): Promise<HistogramRow[]> {
  const { table, truncated, only, pipeline, keys, bindings } = parts(options);
  const columns = [...keys, 'bucket'].join(', ');
  const { rows } = await options.knex.raw(
    `select ${columns}, sum(run_count) as run_count from (
       select start_at, ${pipeline}bucket, run_count from ${table}_histograms
       where measure = 'duration' and start_at >= :from and start_at < :to ${only}
       union all
       select ${truncated}, ${pipeline}millrace_histogram_bucket(duration_ms), weight
       from stats_deltas where duration_ms is not null and ended_at >= :from and ended_at < :to ${only}
     ) as ended group by ${columns} having sum(run_count) <> 0`,
    bindings,
  );
  return rows.map((row: Record<string, unknown>) => ({
    startAt: row.start_at as Date | undefined,
    pipelineId: row.pipeline_id as string | undefined,
    bucket: Number(row.bucket),
    runCount: Number(row.run_count),
  }));
}
