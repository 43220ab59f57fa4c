import type { Knex } from 'knex';
import { LeaseLostError, type Lease } from '../types';

/**
 * Writes how far a run is.
 *
 * @throws LeaseLostError when the lease is over
 */
export async function recordProgress(options: {
  knex: Knex;
  lease: Lease;
  /** 0 to 1. */
  progress: number;
  message?: string;
}): Promise<void> {
  const { knex, lease, progress, message } = options;
  const written = await knex('runs')
    .where({
      id: lease.runId,
      lease_token: lease.token,
      attempt: lease.attempt,
    })
    .update({ progress, progress_message: message ?? null });
  if (written === 0) {
    throw new LeaseLostError(lease);
  }
}
