import type { Knex } from 'knex';
import type { RunRow } from '../types';

/** A run whose parameters are those of one set. */
export type ParameterSetRow = Pick<
  RunRow,
  'id' | 'title' | 'submitted_by' | 'queued_at' | 'parameters' | 'labels'
>;

/**
 * The newest different sets of parameters of a pipeline, newest first, each with its newest run.
 *
 * @param options - `among`: how many of the newest runs are looked at
 */
export async function listParameterSets(options: {
  knex: Knex;
  pipelineId: string;
  among: number;
  limit: number;
}): Promise<ParameterSetRow[]> {
  const { knex, ...bindings } = options;
  const { rows } = await knex.raw<{ rows: ParameterSetRow[] }>(
    `with newest as (
       select id, title, submitted_by, queued_at, parameters, labels from runs
        where pipeline_id = :pipelineId and origin = 'own' order by id desc limit :among),
     different as (
       select distinct on (parameters) * from newest order by parameters, id desc)
     select * from different order by id desc limit :limit`,
    bindings,
  );
  return rows;
}
