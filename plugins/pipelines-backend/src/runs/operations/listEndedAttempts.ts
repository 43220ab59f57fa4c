import type { Knex } from 'knex';

/** Those of the attempts that ended before `before`; others go on, or are not known here. */
export async function listEndedAttempts(options: {
  knex: Knex;
  attempts: readonly { runId: string; attempt: number }[];
  before: Date;
}): Promise<{ runId: string; attempt: number }[]> {
  const { knex, attempts, before } = options;
  const { rows } = await knex.raw<{
    rows: { runId: string; attempt: number }[];
  }>(
    `select run_id as "runId", attempt
       from run_attempts join unnest(:runIds::uuid[], :attempts::integer[]) as wanted (run_id, attempt)
         using (run_id, attempt)
      where lease_token is null and finished_at < :before`,
    {
      runIds: attempts.map(({ runId }) => runId),
      attempts: attempts.map(({ attempt }) => attempt),
      before,
    },
  );
  return rows;
}
