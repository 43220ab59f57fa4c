import type { Knex } from 'knex';
import type { RunCandidate } from '../../runs';

/** Writes what a bulk action may act on, in this order. */
export async function insertItems(options: {
  trx: Knex.Transaction;
  bulkId: string;
  items: readonly Pick<RunCandidate, 'id' | 'pipeline_id' | 'title'>[];
}): Promise<void> {
  const { trx, bulkId, items } = options;
  await trx.raw(
    `insert into bulk_items (bulk_run_id, position, run_id, pipeline_id, title)
     select :bulkId, position, run_id, pipeline_id, title
       from unnest(:runIds::uuid[], :pipelineIds::text[], :titles::text[])
         with ordinality as item (run_id, pipeline_id, title, position)`,
    {
      bulkId,
      runIds: items.map(({ id }) => id),
      pipelineIds: items.map(item => item.pipeline_id),
      titles: items.map(({ title }) => title),
    },
  );
}
