import type { Knex } from 'knex';

const FOLD_LOCK = 'millrace.stats.fold';

const GRAINS = [
  { grain: 'stats_hourly', start: `date_trunc('hour', ended_at, 'UTC')` },
  { grain: 'stats_daily', start: `date_trunc('day', ended_at, :timezone)` },
];
/** Each pipeline on its own, and all together. */
const ROLL_UPS = GRAINS.flatMap(({ grain, start }) => [
  { table: grain, start, pipeline: 'pipeline_id, ' },
  { table: `${grain}_total`, start, pipeline: '' },
]);

/** Moves at most `limit` deltas into the roll-ups; returns how many. */
export async function foldDeltas(options: {
  knex: Knex;
  timezone: string;
  limit: number;
}): Promise<number> {
  const { knex, timezone, limit } = options;
  return knex.transaction(async trx => {
    // One folder at a time, or two would wait for each other's rows in different orders.
    const lock = await trx.raw(
      `select pg_try_advisory_xact_lock(hashtext(current_schema() || ?)) as held`,
      [FOLD_LOCK],
    );
    if (!lock.rows[0].held) {
      return 0;
    }
    await trx.raw(
      `create temporary table folding on commit drop as
         select * from stats_deltas where false`,
    );
    const moved = await trx.raw(
      `with gone as (
         delete from stats_deltas where id in (select id from stats_deltas order by id limit ?) returning *)
       insert into folding select * from gone`,
      [limit],
    );
    for (const { table, start, pipeline } of ROLL_UPS) {
      await trx.raw(
        `insert into ${table} as known (start_at, ${pipeline}state, trigger, run_count,
           duration_count, duration_sum_ms, wait_count, wait_sum_ms)
         select ${start} as start_at, ${pipeline}state, trigger, sum(weight),
           coalesce(sum(weight) filter (where duration_ms is not null), 0), coalesce(sum(weight * duration_ms), 0),
           coalesce(sum(weight) filter (where wait_ms is not null), 0), coalesce(sum(weight * wait_ms), 0)
         from folding group by start_at, ${pipeline}state, trigger
         on conflict (start_at, ${pipeline}state, trigger) do update set
           run_count = known.run_count + excluded.run_count,
           duration_count = known.duration_count + excluded.duration_count,
           duration_sum_ms = known.duration_sum_ms + excluded.duration_sum_ms,
           wait_count = known.wait_count + excluded.wait_count,
           wait_sum_ms = known.wait_sum_ms + excluded.wait_sum_ms`,
        { timezone },
      );
      await trx.raw(
        `insert into ${table}_histograms as known (${pipeline}measure, start_at, bucket, run_count)
         select ${pipeline}measure, start_at, bucket, sum(weight) from (
           select ${pipeline}measure, ${start} as start_at, millrace_histogram_bucket(ms) as bucket, weight
             from folding
             cross join lateral (values ('duration', duration_ms), ('wait', wait_ms)) as measured (measure, ms)
            where ms is not null) as counted
         group by ${pipeline}measure, start_at, bucket order by ${pipeline}measure, start_at, bucket
         on conflict (${pipeline}measure, start_at, bucket) do update set
           run_count = known.run_count + excluded.run_count`,
        { timezone },
      );
    }
    return moved.rowCount ?? 0;
  });
}
