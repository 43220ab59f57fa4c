import type { Knex } from 'knex';
import type { Lease, RunRow } from '../../runs';

/** A run with what the end of its latest attempt depends on besides its row. */
export interface HeldRun {
  run: RunRow;
  /** Attempts that workers gave back, which do not count. */
  releasedAttempts: number;
  /** Whether another worker than the one that holds the lease had started the attempt. */
  isAdopted: boolean;
}

/** The run of a lease; undefined when the lease is over. */
export async function readHeldRun(options: {
  knex: Knex;
  lease: Lease;
}): Promise<HeldRun | undefined> {
  const { knex, lease } = options;
  const { rows } = await knex.raw<{
    rows: (RunRow & { released: string; is_adopted: boolean | null })[];
  }>(
    `select r.*, attempts.released, attempts.is_adopted from runs r
      cross join lateral (
        select count(*) filter (where a.state = 'released') as released,
          bool_or(a.attempt = r.attempt and a.worker_id is distinct from r.lease_owner) as is_adopted
          from run_attempts a where a.run_id = r.id) attempts
      where r.id = :runId and r.attempt = :attempt and r.lease_token = :token`,
    { runId: lease.runId, attempt: lease.attempt, token: lease.token },
  );
  const [row] = rows;
  return (
    row && {
      run: row,
      releasedAttempts: Number(row.released),
      isAdopted: row.is_adopted ?? false,
    }
  );
}
