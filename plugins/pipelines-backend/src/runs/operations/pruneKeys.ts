import type { Knex } from 'knex';

/** Deletes up to `limit` idempotency keys that are older than `olderThan`; returns how many. */
export async function pruneKeys(options: {
  knex: Knex;
  olderThan: Date;
  limit: number;
}): Promise<number> {
  const { knex, olderThan, limit } = options;
  return knex('run_keys')
    .whereIn(
      'run_id',
      knex('run_keys')
        .where('created_at', '<', olderThan)
        .orderBy('created_at')
        .limit(limit)
        .select('run_id'),
    )
    .andWhere('created_at', '<', olderThan)
    .delete();
}
