import type { RunTrigger } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { RefusedStart } from './recordRefusedStart';

/** The refused starts of a pipeline that are still known, newest first. */
export async function listRefusedStarts(
  knex: Knex,
  pipelineId: string,
): Promise<(RefusedStart & { at: Date })[]> {
  const rows = await knex('refused_starts')
    .where({ pipeline_id: pipelineId })
    .orderBy('id', 'desc')
    .select('trigger', 'source', 'message', 'at');
  return rows.map(row => ({
    pipelineId,
    trigger: row.trigger as RunTrigger,
    source: row.source,
    message: row.message,
    at: row.at,
  }));
}
