import {
  ACTIVE_RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';

/** Number of runs that are not over, by state. */
export async function countActive(options: {
  knex: Knex;
  pipelines: PipelineSet;
}): Promise<{ state: RunState; runCount: number }[]> {
  const { knex, pipelines } = options;
  const rows: { state?: unknown; run_count?: unknown }[] = await knex('runs')
    .select('state')
    .count({ run_count: '*' })
    .whereIn('state', [...ACTIVE_RUN_STATES])
    // The partial index on states names this predicate.
    .whereNot('state', 'succeeded')
    .modify(query => {
      if (pipelines !== 'all') {
        query.whereIn('pipeline_id', [...pipelines]);
      }
    })
    .groupBy('state');
  return rows.map(row => ({
    state: row.state as RunState,
    runCount: Number(row.run_count),
  }));
}
