import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { RunRow } from '../types';

/**
 * Locks the run for an action that depends on its state.
 *
 * @throws NotFoundError when there is no such run
 */
export async function lockRun(
  trx: Knex.Transaction,
  runId: string,
): Promise<RunRow> {
  const run = await trx<RunRow>('runs')
    .where({ id: runId })
    .forNoKeyUpdate()
    .first();
  if (!run) {
    throw new NotFoundError(`No run '${runId}'`);
  }
  return run;
}
