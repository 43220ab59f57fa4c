import type { Knex } from 'knex';
import { LeaseLostError, type Lease, type RunRow } from '../types';

/**
 * Locks the run for a write of its worker.
 *
 * @remarks
 * Whoever needs the run and what hangs on it locks the run first, so that writers cannot block
 * each other crosswise.
 *
 * @throws LeaseLostError when the lease is over; then nothing may be written
 */
export async function lockLease(
  trx: Knex.Transaction,
  lease: Lease,
): Promise<RunRow> {
  const row = await trx<RunRow>('runs')
    .where({
      id: lease.runId,
      lease_token: lease.token,
      attempt: lease.attempt,
    })
    .forNoKeyUpdate()
    .first();
  if (!row) {
    throw new LeaseLostError(lease);
  }
  return row;
}
