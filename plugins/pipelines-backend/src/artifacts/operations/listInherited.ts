import type { Knex } from 'knex';
import type { ArtifactRow } from '../types';

/** A retry of a retry of a retry: nobody goes on from a step more often. */
const MAX_RUNS = 100;

/**
 * The artifacts that a run stands on: its own, and where it had begun at a step itself, those of
 * the run before it, and so on. Of one name only the newest, in order of the names.
 */
export async function listInherited(
  knex: Knex,
  runId: string,
): Promise<ArtifactRow[]> {
  const { rows } = await knex.raw<{ rows: ArtifactRow[] }>(
    `with recursive line as (
       select id, retry_of, resume_from, 1 as generation from runs where id = :runId
       union all
       select runs.id, runs.retry_of, runs.resume_from, generation + 1
         from runs join line on runs.id = line.retry_of
        where line.resume_from is not null and generation < :maxRuns)
     select distinct on (name) run_artifacts.*
       from run_artifacts join line on run_artifacts.run_id = line.id
      order by name, generation, attempt desc`,
    { runId, maxRuns: MAX_RUNS },
  );
  return rows;
}
