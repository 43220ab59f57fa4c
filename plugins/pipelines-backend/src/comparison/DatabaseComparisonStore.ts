import type { Knex } from 'knex';
import {
  listStepFacts,
  listSuccessesBefore,
  listUpstream,
  readFacts,
} from './operations/readFacts';
import { listSuccessDurations } from './operations/listSuccessDurations';

/** What is compared of runs, in the plugin's database. */
export class DatabaseComparisonStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  readFacts(runId: string) {
    return readFacts(this.#knex, runId);
  }

  listSuccessesBefore(options: {
    pipelineId: string;
    runId: string;
    limit: number;
  }) {
    return listSuccessesBefore({ knex: this.#knex, ...options });
  }

  listSuccessDurations(options: {
    pipelineId: string;
    runId: string;
    limit: number;
  }) {
    return listSuccessDurations({ knex: this.#knex, ...options });
  }

  listStepFacts(runIds: readonly string[]) {
    return listStepFacts(this.#knex, runIds);
  }

  listUpstream(runIds: readonly string[]) {
    return listUpstream(this.#knex, runIds);
  }
}
