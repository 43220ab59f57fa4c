import type { Knex } from 'knex';

/** Attempts of a run that its workers gave back, which do not count. */
export async function countReleased(options: {
  trx: Knex.Transaction;
  runId: string;
}): Promise<number> {
  const row = await options
    .trx('run_attempts')
    .where({ run_id: options.runId, state: 'released' })
    .count({ released: '*' })
    .first();
  return Number(row?.released);
}
