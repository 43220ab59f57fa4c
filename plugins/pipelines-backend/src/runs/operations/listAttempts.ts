import type { AttemptState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** A row of the table `run_attempts`, as lists show it. */
export interface RunAttemptRow {
  attempt: number;
  state: AttemptState;
  reason: string | null;
  worker_id: string;
  host: string;
  claimed_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  exit_code: number | null;
  exit_signal: string | null;
  log_lines: string;
  log_bytes: string;
}

/** The attempts of a run, newest first. */
export async function listAttempts(options: {
  knex: Knex;
  runId: string;
}): Promise<RunAttemptRow[]> {
  return options
    .knex('run_attempts')
    .where({ run_id: options.runId })
    .select(
      'attempt',
      'state',
      'reason',
      'worker_id',
      'host',
      'claimed_at',
      'started_at',
      'finished_at',
      'exit_code',
      'exit_signal',
      'log_lines',
      'log_bytes',
    )
    .orderBy('attempt', 'desc');
}
