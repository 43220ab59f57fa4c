import type { Knex } from 'knex';

/** Largest number of the column. */
const MAX_PRIORITY = 32_767;

/**
 * The least priority with which a run is in front of every other queued run of its pipeline;
 * undefined when no other is queued.
 *
 * @remarks
 * Until the end of the transaction no other run of the pipeline is brought to the front.
 */
export async function readFrontPriority(options: {
  trx: Knex.Transaction;
  run: { id: string; pipeline_id: string };
}): Promise<number | undefined> {
  const { trx, run } = options;
  await trx.raw(`select pg_advisory_xact_lock(hashtext(?))`, [
    `millrace front ${run.pipeline_id}`,
  ]);
  const row = await trx('runs')
    .where({ pipeline_id: run.pipeline_id, state: 'queued' })
    .whereNot({ id: run.id })
    .max({ highest: 'priority' })
    .first();
  const highest: number | null | undefined = row?.highest;
  return typeof highest === 'number'
    ? Math.min(highest + 1, MAX_PRIORITY)
    : undefined;
}
