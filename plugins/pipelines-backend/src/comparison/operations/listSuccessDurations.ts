import type { Knex } from 'knex';

/**
 * How long the newest successes of a pipeline that were submitted before a run were executed, in
 * ms and shortest first, without the time that they stood still and without those that began at
 * a later step.
 */
export async function listSuccessDurations(options: {
  knex: Knex;
  pipelineId: string;
  runId: string;
  limit: number;
}): Promise<number[]> {
  const { knex, pipelineId, runId, limit } = options;
  const { rows } = await knex.raw<{ rows: { ms: number }[] }>(
    `select greatest(0, round(extract(epoch from finished_at - started_at) * 1000) - paused_ms)::float as ms
      from (select started_at, finished_at, paused_ms, resume_from from runs
             where pipeline_id = ? and state = 'succeeded' and id < ?
             order by id desc limit ?) newest
     where started_at is not null and finished_at is not null and resume_from is null
     order by 1`,
    [pipelineId, runId, limit],
  );
  return rows.map(({ ms }) => ms);
}
