import type { Knex } from 'knex';
import { BULK_PIPELINE_ID } from '../bulkDefinition';
import type { BulkRow } from '../types';

/** Undefined when there is no such bulk action. */
export async function readBulk(options: {
  knex: Knex;
  bulkId: string;
}): Promise<BulkRow | undefined> {
  return options
    .knex('runs')
    .where({ id: options.bulkId, pipeline_id: BULK_PIPELINE_ID })
    .first(
      'id',
      'state',
      'submitted_by',
      'parameters',
      'queued_at',
      'finished_at',
    );
}
