import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { Knex } from 'knex';

/** Longest wait before a run is looked at again whose followers could not be submitted. */
const MAX_BACK_OFF_S = 300;

/** A run that has succeeded, as far as its followers need to know it. */
export interface SucceededRun {
  id: string;
  pipelineId: string;
  state: RunState;
  /** Secret parameters are masked. */
  parameters: JsonObject;
}

/** The runs whose followers are still to be submitted. */
export class DatabaseAfterStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Makes the runs of these pipelines wait for their followers from now on. */
  async addFollowed(pipelineIds: readonly string[]): Promise<void> {
    if (pipelineIds.length > 0) {
      await this.#knex('followed_pipelines')
        .insert(pipelineIds.map(id => ({ pipeline_id: id })))
        .onConflict('pipeline_id')
        .ignore();
    }
  }

  /** Ids of runs to look at now, the longest waiting first. */
  async listDue(limit: number): Promise<string[]> {
    const rows = await this.#knex('after_queue')
      .where('not_before', '<=', this.#knex.fn.now())
      .orderBy(['not_before', 'run_id'])
      .limit(limit)
      .select('run_id');
    return rows.map(row => row.run_id);
  }

  /** Takes a run out; undefined when somebody else is at it, or was. */
  async take(
    trx: Knex.Transaction,
    runId: string,
  ): Promise<SucceededRun | undefined> {
    const { rows } = await trx.raw(
      `with taken as (
         delete from after_queue where run_id in (
           select run_id from after_queue where run_id = ? for update skip locked)
         returning run_id)
       select r.id, r.pipeline_id, r.state, r.parameters from taken join runs r on r.id = taken.run_id`,
      [runId],
    );
    const [row] = rows;
    return (
      row && {
        id: row.id,
        pipelineId: row.pipeline_id,
        state: row.state,
        parameters: row.parameters,
      }
    );
  }

  /** Looks at a run again later, and later with every time. */
  async postpone(runId: string): Promise<void> {
    await this.#knex.raw(
      `update after_queue set tries = tries + 1,
         not_before = now() + least(power(2, least(tries, 20)), ?) * interval '1 second'
       where run_id = ?`,
      [MAX_BACK_OFF_S, runId],
    );
  }

  /** The outputs of a run with these names, those of its latest attempt that made them. */
  async readOutputs(
    trx: Knex.Transaction,
    runId: string,
    names: readonly string[],
  ): Promise<JsonObject> {
    const rows = await trx('run_outputs')
      .distinctOn('name')
      .where({ run_id: runId })
      .whereIn('name', [...names])
      .orderBy([{ column: 'name' }, { column: 'attempt', order: 'desc' }])
      .select('name', 'json');
    return Object.fromEntries(
      rows.map((row): [string, JsonValue] => [row.name, JSON.parse(row.json)]),
    );
  }
}
