import type { Knex } from 'knex';
import { readGridSteps } from './operations/readGridSteps';

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
}
