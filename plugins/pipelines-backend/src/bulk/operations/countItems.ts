import type { Knex } from 'knex';
import type { BulkCounts } from '../types';

/** How many runs of a bulk action are in each state. */
export async function countItems(options: {
  knex: Knex;
  bulkId: string;
}): Promise<BulkCounts> {
  const { rows } = await options.knex.raw<{
    rows: { state: keyof BulkCounts; count: string }[];
  }>(
    'select state, count(*) from bulk_items where bulk_run_id = ? group by state',
    [options.bulkId],
  );
  const counts: BulkCounts = { pending: 0, done: 0, skipped: 0, failed: 0 };
  for (const { state, count } of rows) {
    counts[state] = Number(count);
  }
  return counts;
}
