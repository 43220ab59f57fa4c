import type { Knex } from 'knex';

/** A row of the table `run_outputs`. */
export interface RunOutputRow {
  attempt: number;
  name: string;
  json: string;
  created_at: Date;
}

/** The outputs of all attempts of a run: newest attempt first, then by name. */
export async function listOutputs(options: {
  knex: Knex;
  runId: string;
}): Promise<RunOutputRow[]> {
  return options
    .knex('run_outputs')
    .where({ run_id: options.runId })
    .select('attempt', 'name', 'json', 'created_at')
    .orderBy([{ column: 'attempt', order: 'desc' }, 'name']);
}
