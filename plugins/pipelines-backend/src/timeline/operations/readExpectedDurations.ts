import type { Knex } from 'knex';

/** Newest successes that tell how long the next run will take. */
const SAMPLE_RUNS = 20;

/** The median time of the last runs of each of these pipelines that succeeded, ms. */
export async function readExpectedDurations(
  knex: Knex,
  pipelineIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await knex.raw<{ rows: { id: string; ms: number }[] }>(
    `select wanted.id,
       round(1000 * percentile_cont(0.5) within group (order by recent.seconds)::numeric)::float as ms
      from unnest(:ids::text[]) as wanted (id)
      cross join lateral (
        select extract(epoch from finished_at - started_at)::float as seconds from runs
         where pipeline_id = wanted.id and state = 'succeeded' and started_at is not null
         order by runs.id desc limit :sample) as recent
     group by wanted.id`,
    { ids: [...pipelineIds], sample: SAMPLE_RUNS },
  );
  return new Map(rows.map(({ id, ms }) => [id, Math.max(0, ms)]));
}
