import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { RunRow } from '../types';

/** What is read of a {@link RunCandidate}. */
export const CANDIDATE_COLUMNS = [
  'id',
  'pipeline_id',
  'origin',
  'state',
  'title',
  'labels',
  'priority',
  'submitted_by',
  'cancel_force',
  'pause_requested_at',
] as const;

/** What an action on many runs needs to know of each. */
export type RunCandidate = Pick<RunRow, (typeof CANDIDATE_COLUMNS)[number]>;

/** Those of the named runs that are of these pipelines, newest first. */
export async function listCandidates(options: {
  knex: Knex;
  runIds: readonly string[];
  pipelines: PipelineSet;
}): Promise<RunCandidate[]> {
  const { knex, runIds, pipelines } = options;
  const query = knex<RunRow>('runs')
    .whereIn('id', runIds)
    .select(...CANDIDATE_COLUMNS)
    .orderBy('id', 'desc');
  return pipelines === 'all' ? query : query.whereIn('pipeline_id', pipelines);
}
