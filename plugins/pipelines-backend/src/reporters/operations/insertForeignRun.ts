import type { Knex } from 'knex';
import type { ForeignRunId } from '../types';

/** The primary key of `foreign_runs`, which a second first report at the same time violates. */
export const FOREIGN_RUNS_CONSTRAINT = 'foreign_runs_pkey';

/** Remembers which run of ours a run of a reporter is. */
export async function insertForeignRun(
  trx: Knex.Transaction,
  foreign: ForeignRunId & {
    runId: string;
    attached: boolean;
    word: string;
    sequence?: number;
  },
): Promise<void> {
  await trx('foreign_runs').insert({
    origin: 'reported',
    sender: foreign.reporter,
    external_id: foreign.externalId,
    run_id: foreign.runId,
    attached: foreign.attached,
    word: foreign.word,
    sequence: foreign.sequence ?? null,
  });
}
