import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Actor } from '../types';

/** What was submitted before with an idempotency key. */
export interface KeyedRun {
  id: string;
  state: RunState;
  requestHash: string;
}

/** The run that this principal submitted with this key; undefined when there is none. */
export async function findKeyedRun(options: {
  knex: Knex;
  pipelineId: string;
  principal: Actor;
  key: string;
}): Promise<KeyedRun | undefined> {
  const { knex, pipelineId, principal, key } = options;
  const row = await knex('run_keys')
    .join('runs', 'runs.id', 'run_keys.run_id')
    .where({
      'run_keys.pipeline_id': pipelineId,
      'run_keys.principal': principal,
      'run_keys.key': key,
    })
    .first('runs.id', 'runs.state', 'run_keys.request_hash');
  return row && { id: row.id, state: row.state, requestHash: row.request_hash };
}
