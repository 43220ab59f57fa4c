import { setTimeout as sleep } from 'node:timers/promises';
import { isTransientDatabaseError } from '../database';
import { LeaseLostError, type Lease } from '../runs';

const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 1_000;

/** A lease, and what is known of its being held. */
export interface HeldLease {
  lease: Lease;
  /** Aborts when the lease is over. */
  lost: AbortSignal;
  /** To be called by whoever is the first to notice that it is over. */
  lose(): void;
}

/**
 * Writes something for a lease, again when the database is out of order for a while, until the
 * lease is over.
 *
 * @throws LeaseLostError when the lease is over; whatever else is not transient
 */
export async function patiently<TResult>(
  { lease, lost, lose }: HeldLease,
  write: () => Promise<TResult>,
): Promise<TResult> {
  let waitMs = FIRST_WAIT_MS;
  while (!lost.aborted) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof LeaseLostError) {
        lose();
      }
      if (!isTransientDatabaseError(error)) {
        throw error;
      }
    }
    await sleep(waitMs, undefined, { signal: lost }).catch(() => {});
    waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
  }
  throw new LeaseLostError(lease);
}
