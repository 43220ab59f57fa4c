import type { Knex } from 'knex';
import type { RunRow } from '../../runs';
import { decideEnd } from '../decideEnd';
import { LEASE_TTL_MS, SWEEP_DELAY_MS } from '../types';
import { endAttempt } from './endAttempt';

const SWEEPER = 'system:sweeper';

/**
 * How much longer an expired lease is left to a live worker of its host, which can find out how
 * the attempt really ended. A worker that was started after the end of the lease has this time
 * from its start, however long the host was without one.
 */
const RECOVERY_TIME_MS = 15_000;

/** Ends up to `limit` attempts whose lease is over; returns how many. */
export async function sweepLeases(options: {
  trx: Knex.Transaction;
  limit: number;
}): Promise<number> {
  const { trx, limit } = options;
  const { rows } = await trx.raw<{ rows: RunRow[] }>(
    `select r.* from runs r join run_attempts a on a.run_id = r.id and a.attempt = r.attempt
      where r.lease_token is not null
        and r.lease_expires_at + :delayMs * interval '1 millisecond' < clock_timestamp()
        and not exists (
          select from workers w where w.host = a.host
            and w.heartbeat_at > clock_timestamp() - :ttlMs * interval '1 millisecond'
            and greatest(r.lease_expires_at, w.started_at)
              + :patienceMs * interval '1 millisecond' > clock_timestamp())
      order by r.lease_expires_at limit :limit for no key update of r skip locked`,
    {
      delayMs: SWEEP_DELAY_MS,
      patienceMs: SWEEP_DELAY_MS + RECOVERY_TIME_MS,
      ttlMs: LEASE_TTL_MS,
      limit,
    },
  );
  for (const run of rows) {
    await endAttempt({
      trx,
      run,
      decision: decideEnd(
        {
          state: run.state,
          attempt: run.attempt,
          maxAttempts: run.max_attempts,
          releasedAttempts: 0,
        },
        {
          end: {
            kind: 'lost',
            message: `Nothing was heard of its worker '${run.lease_owner}' any more`,
          },
          cause: 'expiry',
        },
      ),
      actor: SWEEPER,
    });
  }
  return rows.length;
}
