import type { Knex } from 'knex';

/** What the end of an attempt depends on besides the row of its run. */
export interface AttemptFacts {
  /** Attempts that workers gave back, which do not count. */
  releasedAttempts: number;
  /** Whether another worker than the one that holds the lease had started it. */
  isAdopted: boolean;
}

/** Reads them for the latest attempt of a run that the caller has locked. */
export async function readAttemptFacts(options: {
  trx: Knex.Transaction;
  run: { id: string; attempt: number; lease_owner: string | null };
}): Promise<AttemptFacts> {
  const { trx, run } = options;
  const { rows } = await trx.raw<{
    rows: { released: string; is_adopted: boolean | null }[];
  }>(
    `select count(*) filter (where state = 'released') as released,
       bool_or(attempt = :attempt and worker_id is distinct from :owner) as is_adopted
       from run_attempts where run_id = :runId`,
    { runId: run.id, attempt: run.attempt, owner: run.lease_owner },
  );
  return {
    releasedAttempts: Number(rows[0].released),
    isAdopted: rows[0].is_adopted ?? false,
  };
}
