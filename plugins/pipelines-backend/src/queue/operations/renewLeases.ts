import type { Knex } from 'knex';
import type { Lease } from '../../runs';
import { LEASE_TTL_MS, type Renewal } from '../types';

interface RenewedRow {
  id: string;
  lease_token: string;
  state: string;
  cancel_force: boolean;
}

/** Renews the leases of a worker and its heartbeat in one statement; answers for each lease. */
export async function renewLeases(options: {
  /** Runs a statement on the connection that is reserved for renewals. */
  query: (
    sql: string,
    bindings: Knex.ValueDict,
  ) => Promise<{ rows: RenewedRow[] }>;
  workerId: string;
  leases: readonly Lease[];
}): Promise<Renewal[]> {
  const { query, workerId, leases } = options;
  const { rows } = await query(
    `with heard as (
       update workers set heartbeat_at = clock_timestamp() where id = :workerId)
     update runs set heartbeat_at = clock_timestamp(),
       lease_expires_at = clock_timestamp() + :ttlMs * interval '1 millisecond'
      where lease_owner = :workerId and lease_token is not null
        and lease_token = any(:tokens::uuid[])
     returning id, lease_token, state, cancel_force`,
    {
      workerId,
      ttlMs: LEASE_TTL_MS,
      tokens: leases.map(lease => lease.token),
    },
  );
  const renewed = new Map(rows.map(row => [row.lease_token, row]));
  return leases.map(({ runId, token }) => {
    const row = renewed.get(token);
    return {
      runId,
      token,
      state: row ? 'held' : 'lost',
      ...((row?.state === 'pausing' || row?.state === 'paused') && {
        pause: true,
      }),
      ...(row?.state === 'cancelling' && {
        cancel: { force: row.cancel_force },
      }),
    };
  });
}
