import type { Knex } from 'knex';
import type { ForeignRunId } from '../types';

/** Remembers the last report; what is absent stays. */
export async function updateForeignRun(
  trx: Knex.Transaction,
  { reporter, externalId }: ForeignRunId,
  last: { word?: string; sequence?: number; stepsSequence?: number },
): Promise<void> {
  const columns = {
    ...(last.word !== undefined && { word: last.word }),
    ...(last.sequence !== undefined && { sequence: last.sequence }),
    ...(last.stepsSequence !== undefined && {
      steps_sequence: last.stepsSequence,
    }),
  };
  if (Object.keys(columns).length > 0) {
    await trx('foreign_runs')
      .where({ origin: 'reported', sender: reporter, external_id: externalId })
      .update(columns);
  }
}
