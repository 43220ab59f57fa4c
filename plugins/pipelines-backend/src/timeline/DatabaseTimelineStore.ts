import type { Knex } from 'knex';
import { readExpectedDurations } from './operations/readExpectedDurations';
import { readGridSteps } from './operations/readGridSteps';
import {
  readTimelineRuns,
  type TimelineScope,
} from './operations/readTimelineRuns';

/** Runs side by side, from the plugin's database. */
export class DatabaseTimelineStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The time of the database. */
  async now(): Promise<Date> {
    const { rows } = await this.#knex.raw('select clock_timestamp() as now');
    return rows[0].now;
  }

  readGridSteps(runIds: readonly string[]) {
    return readGridSteps(this.#knex, runIds);
  }

  readRuns(scope: TimelineScope) {
    return readTimelineRuns(this.#knex, scope);
  }

  readExpectedDurations(pipelineIds: readonly string[]) {
    return readExpectedDurations(this.#knex, pipelineIds);
  }
}
