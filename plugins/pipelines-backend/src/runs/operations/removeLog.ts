import type { Knex } from 'knex';
import { appendEvent } from './appendEvent';

/** Chunks deleted in one transaction, at most 64 KiB each; a log can have thousands. */
const CHUNKS_BATCH = 200;

/** Who removes what is older than it is kept. */
export const RETENTION_ACTOR = 'system:retention';

/** Removes the log of an ended run, in small transactions; the last one records it. */
export async function removeLog(options: {
  knex: Knex;
  runId: string;
  /** How long the pipeline keeps logs. */
  days: number;
}): Promise<void> {
  const { knex, runId, days } = options;
  for (let deleted = CHUNKS_BATCH; deleted >= CHUNKS_BATCH; ) {
    deleted = await knex.transaction(async trx => {
      const count = await deleteChunks(trx, runId);
      if (count < CHUNKS_BATCH) {
        await trx('runs')
          .where({ id: runId })
          .update({ log_removed_at: trx.fn.now() });
        await appendEvent(trx, {
          runId,
          kind: 'action',
          name: 'log_removed',
          actor: RETENTION_ACTOR,
          details: { keptDays: days },
        });
      }
      return count;
    });
  }
}

async function deleteChunks(knex: Knex, runId: string): Promise<number> {
  return knex('log_chunks')
    .where({ run_id: runId })
    .whereIn(
      ['attempt', 'chunk_no'],
      knex('log_chunks')
        .where({ run_id: runId })
        .orderBy([{ column: 'attempt' }, { column: 'chunk_no' }])
        .limit(CHUNKS_BATCH)
        .select('attempt', 'chunk_no'),
    )
    .delete();
}
