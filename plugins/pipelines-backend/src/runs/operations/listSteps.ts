import type { StepState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** A row of the table `run_steps`. */
export interface RunStepRow {
  attempt: number;
  position: number;
  name: string;
  state: StepState;
  message: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  /** `pg` gives bigint as text. */
  first_line: string | null;
  end_line: string | null;
}

/** The steps of an attempt in order of position. */
export async function listSteps(options: {
  knex: Knex;
  runId: string;
  attempt: number;
}): Promise<RunStepRow[]> {
  return options
    .knex('run_steps')
    .where({ run_id: options.runId, attempt: options.attempt })
    .select(
      'attempt',
      'position',
      'name',
      'state',
      'message',
      'started_at',
      'finished_at',
      'first_line',
      'end_line',
    )
    .orderBy('position');
}
