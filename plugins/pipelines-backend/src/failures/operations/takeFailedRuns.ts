import type { Knex } from 'knex';

/** An ended run whose error is to be grouped. */
export interface FailedRunRow {
  id: string;
  pipeline_id: string;
  error_kind: string | null;
  error_message: string | null;
  error_step: string | null;
  at: Date;
}

/**
 * Takes the newest runs that wait for their failure, each by one process alone.
 *
 * @remarks
 * Locks the runs before the notes, in the order of whatever ends a run. What somebody else is
 * writing just now is left for later.
 *
 * @returns how many were taken, and those of them that have no fingerprint yet
 */
export async function takeFailedRuns(
  trx: Knex.Transaction,
  limit: number,
): Promise<{ taken: number; runs: FailedRunRow[] }> {
  const { rows } = await trx.raw<{
    rows: (FailedRunRow & { is_open: boolean })[];
  }>(
    `select r.id, r.pipeline_id, r.error_kind, r.error_message, r.error_step,
       least(coalesce(r.finished_at, r.state_changed_at), now()) as at,
       r.fingerprint is null and r.state in ('failed', 'timed_out', 'lost') as is_open
      from failures_to_group q join runs r on r.id = q.run_id
     order by q.run_id desc limit ? for no key update of r skip locked`,
    [limit],
  );
  await trx('failures_to_group')
    .whereIn(
      'run_id',
      rows.map(({ id }) => id),
    )
    .delete();
  return {
    taken: rows.length,
    runs: rows
      .filter(({ is_open }) => is_open)
      .map(({ is_open, ...run }) => run),
  };
}
