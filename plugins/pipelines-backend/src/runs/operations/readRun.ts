import type { Knex } from 'knex';
import type { RunRow } from '../types';

/** A run with the metrics of its latest attempt. */
export type RunDetailRow = RunRow & {
  metrics: Record<string, { value: number; at: string }> | null;
};

/** Undefined when there is no such run. */
export async function readRun(options: {
  knex: Knex;
  runId: string;
}): Promise<RunDetailRow | undefined> {
  const { rows } = await options.knex.raw<{ rows: RunDetailRow[] }>(
    `select r.*, a.metrics from runs r
       left join run_attempts a on a.run_id = r.id and a.attempt = r.attempt
      where r.id = ?`,
    [options.runId],
  );
  return rows[0];
}
