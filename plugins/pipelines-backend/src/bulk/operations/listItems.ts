import type { Knex } from 'knex';
import type { BulkItemRow } from '../types';

/** The runs of a bulk action in the order in which it is done, beyond `after`. */
export async function listItems(options: {
  knex: Knex;
  bulkId: string;
  state?: BulkItemRow['state'];
  /** A position; 0 for the beginning. */
  after: number;
  limit: number;
}): Promise<BulkItemRow[]> {
  const { knex, bulkId, state, after, limit } = options;
  return knex<BulkItemRow>('bulk_items')
    .where({ bulk_run_id: bulkId, ...(state && { state }) })
    .andWhere('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .select('*');
}
