import type { Knex } from 'knex';

const FOLD_LOCK = 'millrace.stats.fold';

const GRAINS = [
  { table: 'stats_hourly', start: `date_trunc('hour', ended_at, 'UTC')` },
  { table: 'stats_daily', start: `date_trunc('day', ended_at, :timezone)` },
];

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
    for (const { table, start } of GRAINS) {
      await trx.raw(
        `insert into ${table} as known (start_at, pipeline_id, state, trigger, run_count,
           duration_count, duration_sum_ms, wait_count, wait_sum_ms)
         select ${start}, pipeline_id, state, trigger, sum(weight),
           coalesce(sum(weight) filter (where duration_ms is not null), 0), coalesce(sum(weight * duration_ms), 0),
           coalesce(sum(weight) filter (where wait_ms is not null), 0), coalesce(sum(weight * wait_ms), 0)
         from folding group by 1, 2, 3, 4
         on conflict (start_at, pipeline_id, state, trigger) do update set
           run_count = known.run_count + excluded.run_count,
           duration_count = known.duration_count + excluded.duration_count,
           duration_sum_ms = known.duration_sum_ms + excluded.duration_sum_ms,
           wait_count = known.wait_count + excluded.wait_count,
           wait_sum_ms = known.wait_sum_ms + excluded.wait_sum_ms`,
        { timezone },
      );
      await trx.raw(
        `insert into ${table}_buckets as known (start_at, pipeline_id, state, measure, bucket, run_count)
         select ${start}, pipeline_id, state, measure, millrace_histogram_bucket(ms), sum(weight)
         from folding cross join lateral (values ('duration', duration_ms), ('wait', wait_ms)) as measured (measure, ms)
         where ms is not null group by 1, 2, 3, 4, 5
         on conflict (start_at, pipeline_id, state, measure, bucket) do update set
           run_count = known.run_count + excluded.run_count`,
        { timezone },
      );
    }
    return moved.rowCount ?? 0;
  });
}
