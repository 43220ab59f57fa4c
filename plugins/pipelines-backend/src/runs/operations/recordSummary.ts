import type { Knex } from 'knex';
import { LeaseLostError, type Lease } from '../types';

/**
 * Writes what a run came to, in the words of its runner.
 *
 * @throws LeaseLostError when the lease is over
 */
export async function recordSummary(options: {
  knex: Knex;
  lease: Lease;
  summary: string;
}): Promise<void> {
  const { knex, lease, summary } = options;
  const written = await knex('runs')
    .where({
      id: lease.runId,
      lease_token: lease.token,
      attempt: lease.attempt,
    })
    .update({ summary });
  if (written === 0) {
    throw new LeaseLostError(lease);
  }
}
