import type { Knex } from 'knex';

/** A row of a roll-up or of its histograms as text, to be compared as sets. */
type Lines = string[];

/** What a roll-up has to be, and what it is, by grain. */
export interface Recount {
  expected: Record<'hour' | 'day', { counts: Lines; histograms: Lines }>;
  actual: Record<'hour' | 'day', { counts: Lines; histograms: Lines }>;
}

const COUNTS = 'stats_counts';
const KEYS = 'start_at, pipeline_id, state, trigger';

/**
 * Keeps deleted runs in a table `gone_runs`, because the roll-ups go on counting them.
 */
export async function keepDeletedRuns(knex: Knex): Promise<void> {
  await knex.raw(`
    create table gone_runs (like runs);
    create function keep_gone_run() returns trigger language plpgsql as $$
    begin
      insert into gone_runs select old.*;
      return old;
    end $$;
    create trigger runs_keep_gone before delete on runs
      for each row execute function keep_gone_run();
  `);
}

/**
 * Counts all runs that have ended, deleted ones too, and reads the roll-ups with what is not
 * folded yet, in one snapshot.
 */
export function recount(knex: Knex, timezone: string): Promise<Recount> {
  return knex.transaction(
    async trx => ({
      expected: {
        hour: await countRuns(trx, 'hour', 'UTC'),
        day: await countRuns(trx, 'day', timezone),
      },
      actual: {
        hour: await readRollUps(trx, 'hour', 'UTC'),
        day: await readRollUps(trx, 'day', timezone),
      },
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

/** Rows in which the roll-ups of all pipelines together differ from the sums of the single ones. */
export async function totalsThatDiffer(knex: Knex): Promise<unknown[]> {
  const measures =
    'run_count, duration_count, duration_sum_ms, wait_count, wait_sum_ms';
  const sums = measures
    .split(', ')
    .map(name => `sum(${name})`)
    .join(', ');
  const different = (single: string, total: string) =>
    `(((${single}) except (${total})) union all ((${total}) except (${single})))`;
  const found = await Promise.all(
    ['stats_hourly', 'stats_daily'].flatMap(table => [
      knex.raw(
        different(
          `select start_at, state, trigger, ${sums} from ${table} group by 1, 2, 3`,
          `select start_at, state, trigger, ${measures} from ${table}_total`,
        ),
      ),
      knex.raw(
        different(
          `select measure, start_at, bucket, sum(run_count) from ${table}_histograms group by 1, 2, 3`,
          `select measure, start_at, bucket, run_count from ${table}_total_histograms`,
        ),
      ),
    ]),
  );
  return found.flatMap(({ rows }) => rows);
}

async function countRuns(
  trx: Knex.Transaction,
  grain: 'hour' | 'day',
  zone: string,
) {
  const ended = `(
    select date_trunc('${grain}', finished_at, :zone) as start_at, pipeline_id, state, trigger,
      round(extract(epoch from finished_at - started_at) * 1000) as duration,
      round(extract(epoch from coalesce(started_at, finished_at) - greatest(queued_at, run_at)) * 1000) as wait
      from (select * from runs union all select * from gone_runs) as every
     where finished_at is not null) as ended`;
  return {
    counts: await lines(
      trx,
      `select ${KEYS}, count(*) as runs, count(duration) as durations,
         coalesce(sum(greatest(0, duration)), 0)::bigint as duration_ms, sum(greatest(0, wait))::bigint as wait_ms
       from ${ended} group by ${KEYS}`,
      zone,
    ),
    histograms: await lines(
      trx,
      `select start_at, pipeline_id, measure,
         case when ms < 1 then 0 else floor(ln(ms) / ln(1.2::numeric)) end::int as bucket, count(*) as runs
       from ${ended} cross join lateral (values ('duration', duration), ('wait', wait)) as measured (measure, ms)
       where ms is not null group by 1, 2, 3, 4`,
      zone,
    ),
  };
}

async function readRollUps(
  trx: Knex.Transaction,
  grain: 'hour' | 'day',
  zone: string,
) {
  const table = grain === 'hour' ? 'stats_hourly' : 'stats_daily';
  return {
    counts: await lines(
      trx,
      `select ${KEYS}, sum(runs) as runs, sum(durations) as durations, sum(duration_ms)::bigint as duration_ms,
         sum(wait_ms)::bigint as wait_ms
       from (
         select ${KEYS}, run_count as runs, duration_count as durations, duration_sum_ms as duration_ms,
           wait_sum_ms as wait_ms from ${table}
         union all
         select date_trunc('${grain}', ended_at, :zone), pipeline_id, state, trigger, weight,
           weight * (duration_ms is not null)::int, weight * coalesce(duration_ms, 0), weight * wait_ms
         from stats_deltas) as ${COUNTS}
       group by ${KEYS} having sum(runs) <> 0`,
      zone,
    ),
    histograms: await lines(
      trx,
      `select start_at, pipeline_id, measure, bucket, sum(runs) as runs
       from (
         select start_at, pipeline_id, measure, bucket, run_count as runs from ${table}_histograms
         union all
         select date_trunc('${grain}', ended_at, :zone), pipeline_id, measure,
           millrace_histogram_bucket(ms), weight
         from stats_deltas
         cross join lateral (values ('duration', duration_ms), ('wait', wait_ms)) as measured (measure, ms)
         where ms is not null) as ${COUNTS}
       group by 1, 2, 3, 4 having sum(runs) <> 0`,
      zone,
    ),
  };
}

async function lines(
  trx: Knex.Transaction,
  sql: string,
  zone: string,
): Promise<Lines> {
  const { rows } = await trx.raw<{ rows: Record<string, unknown>[] }>(sql, {
    zone,
  });
  return rows
    .map(row =>
      Object.values(row)
        .map(value =>
          value instanceof Date ? value.toISOString() : String(value),
        )
        .join(' '),
    )
    .sort();
}
