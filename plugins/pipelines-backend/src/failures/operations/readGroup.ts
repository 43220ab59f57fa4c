import type { Knex } from 'knex';
import type { FailureGroupRow } from '../types';

/** The newest run of a failure that is still kept. */
export interface LastRunRow {
  id: string;
  pipeline_id: string;
  title: string;
  error_message: string | null;
  at: Date;
}

/** A row of `failure_events`. */
export interface FailureEventRow {
  at: Date;
  name: string;
  actor: string;
  reason: string | null;
  until: Date | null;
  count: number | null;
  /** Null also when its pipeline is not among those that are looked at. */
  run_id: string | null;
}

/** A group as it stands. */
export async function readGroup(
  knex: Knex,
  fingerprint: string,
): Promise<FailureGroupRow | undefined> {
  return knex('failure_groups').where({ fingerprint }).first();
}

/** Every pipeline in which a failure was ever seen. */
export async function listGroupPipelines(
  knex: Knex,
  fingerprint: string,
): Promise<string[]> {
  return knex('failure_pipelines')
    .where({ fingerprint })
    .orderBy('pipeline_id')
    .pluck('pipeline_id');
}

/** The failure that ended a run; undefined when it has none, or none yet. */
export async function readGroupOfRun(
  knex: Knex,
  runId: string,
): Promise<FailureGroupRow | undefined> {
  return knex('failure_groups')
    .join('runs', 'runs.fingerprint', 'failure_groups.fingerprint')
    .where('runs.id', runId)
    .first('failure_groups.*');
}

/** How often, since when and in how many of these pipelines a failure was seen; undefined when never. */
export async function readTotals(
  knex: Knex,
  fingerprint: string,
  pipelineIds: readonly string[],
): Promise<{ runs: number; first_seen: Date; pipelines: number } | undefined> {
  const { rows } = await knex.raw(
    `select sum(runs)::float as runs, min(first_seen) as first_seen,
       count(*)::int as pipelines from failure_pipelines
      where fingerprint = ? and pipeline_id = any(?) having count(*) > 0`,
    [fingerprint, [...pipelineIds]],
  );
  return rows[0];
}

/** The newest of the last runs in these pipelines that is still there. */
export async function readLastRun(
  knex: Knex,
  fingerprint: string,
  pipelineIds: readonly string[],
): Promise<LastRunRow | undefined> {
  const { rows } = await knex.raw<{ rows: LastRunRow[] }>(
    `select r.id, r.pipeline_id, r.title, r.error_message, f.last_seen as at
       from failure_pipelines f join runs r on r.id = f.last_run_id
      where f.fingerprint = ? and f.pipeline_id = any(?)
      order by f.last_seen desc, r.id desc limit 1`,
    [fingerprint, [...pipelineIds]],
  );
  return rows[0];
}

/** What was done about a failure, newest first. */
export async function listFailureEvents(options: {
  knex: Knex;
  fingerprint: string;
  /** Those whose runs may be named. */
  pipelineIds: readonly string[];
  limit: number;
}): Promise<FailureEventRow[]> {
  const { rows } = await options.knex.raw<{ rows: FailureEventRow[] }>(
    `select e.at, e.name, e.actor, e.reason, e.until, e.count, r.id as run_id
       from failure_events e
       left join runs r on r.id = e.run_id and r.pipeline_id = any(:pipelines)
      where e.fingerprint = :fingerprint order by e.id desc limit :limit`,
    {
      fingerprint: options.fingerprint,
      pipelines: [...options.pipelineIds],
      limit: options.limit,
    },
  );
  return rows;
}
