import type { Knex } from 'knex';
import { uuidAt } from '../uuidAt';

/** Which runs of a pipeline have something whose time is over. */
export interface ExpiredOptions {
  knex: Knex;
  pipelineId: string;
  /** Of runs that ended before this. */
  endedBefore: Date;
  /** Only runs after this one, in the order of their ids. */
  after?: string;
  limit: number;
}

/**
 * Ended runs whose log is still there, oldest first.
 *
 * @param options - `submittedFrom`: logs of earlier runs go with their partition
 */
export async function listExpiredLogs(
  options: ExpiredOptions & { submittedFrom: Date },
): Promise<string[]> {
  return expiredRuns(options)
    .where('runs.id', '>=', uuidAt(options.submittedFrom))
    .whereNull('log_removed_at')
    .whereExists(query =>
      query
        .from('run_attempts as a')
        .whereRaw('a.run_id = runs.id')
        .andWhere('a.log_chunks', '>', 0),
    )
    .pluck('id');
}

/** Ended runs whose artifacts are still there, oldest first. */
export async function listExpiredArtifacts(
  options: ExpiredOptions,
): Promise<string[]> {
  return expiredRuns(options)
    .whereExists(query =>
      query.from('run_artifacts as a').whereRaw('a.run_id = runs.id'),
    )
    .pluck('id');
}

function expiredRuns(options: ExpiredOptions) {
  const { knex, pipelineId, endedBefore, after, limit } = options;
  return knex('runs')
    .where({ pipeline_id: pipelineId })
    .andWhere('runs.id', '<', uuidAt(endedBefore))
    .andWhere('finished_at', '<', endedBefore)
    .modify(query => {
      if (after) {
        query.andWhere('runs.id', '>', after);
      }
    })
    .orderBy('id')
    .limit(limit);
}
