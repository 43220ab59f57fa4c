import type { Knex } from 'knex';
import type { AttemptLog } from '../types';

interface AttemptLogRow {
  attempt: number;
  log_lines: string;
  log_bytes: string;
  log_chunks: number;
  log_truncated: boolean;
  finished_at: Date | null;
}

/** How much is stored of the log of each attempt of a run, oldest attempt first. */
export async function readAttemptLogs(
  knex: Knex,
  runId: string,
): Promise<AttemptLog[]> {
  const rows: AttemptLogRow[] = await knex('run_attempts')
    .where({ run_id: runId })
    .orderBy('attempt')
    .select(
      'attempt',
      'log_lines',
      'log_bytes',
      'log_chunks',
      'log_truncated',
      'finished_at',
    );
  return rows.map(row => ({
    attempt: row.attempt,
    lines: Number(row.log_lines),
    bytes: Number(row.log_bytes),
    chunks: row.log_chunks,
    truncated: row.log_truncated,
    complete: row.finished_at !== null,
  }));
}
