import type { Knex } from 'knex';

/** The pipelines of the runs of a bulk action, each once. */
export async function listItemPipelines(options: {
  knex: Knex;
  bulkId: string;
}): Promise<string[]> {
  return options
    .knex('bulk_items')
    .where({ bulk_run_id: options.bulkId })
    .distinct()
    .pluck('pipeline_id');
}
