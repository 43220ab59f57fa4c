import type { Knex } from 'knex';
import type { PipelineSet } from '../permissions';
import { changeFailure, type FailureAction } from './operations/changeFailure';
import { endIgnores } from './operations/endIgnores';
import { groupFailures } from './operations/groupFailures';
import { listGroups, type FailureListFilter } from './operations/listGroups';
import { pruneCounts } from './operations/pruneCounts';
import {
  listFailureEvents,
  listGroupPipelines,
  readGroup,
  readGroupOfRun,
  readLastRun,
  readTotals,
} from './operations/readGroup';
import { readOccurrences } from './operations/readOccurrences';
import type { FailurePeriod } from './types';

/** The failures in the plugin's database. */
export class DatabaseFailuresStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The time of the database. */
  async now(): Promise<Date> {
    const { rows } = await this.#knex.raw('select clock_timestamp() as now');
    return rows[0].now;
  }

  group(limit: number) {
    return groupFailures({ knex: this.#knex, limit });
  }

  endIgnores(limit: number) {
    return endIgnores({ knex: this.#knex, limit });
  }

  pruneCounts(limit: number) {
    return pruneCounts({ knex: this.#knex, limit });
  }

  list(options: {
    filter: FailureListFilter;
    limit: number;
    scanBudget: number;
  }) {
    return listGroups({ knex: this.#knex, ...options });
  }

  readOccurrences(options: {
    fingerprints: readonly string[];
    pipelines: PipelineSet;
    period: FailurePeriod;
    pipelinesEach: number;
  }) {
    return readOccurrences({ knex: this.#knex, ...options });
  }

  read(fingerprint: string) {
    return readGroup(this.#knex, fingerprint);
  }

  readOfRun(runId: string) {
    return readGroupOfRun(this.#knex, runId);
  }

  readTotals(fingerprint: string, pipelineIds: readonly string[]) {
    return readTotals(this.#knex, fingerprint, pipelineIds);
  }

  listPipelines(fingerprint: string) {
    return listGroupPipelines(this.#knex, fingerprint);
  }

  readLastRun(fingerprint: string, pipelineIds: readonly string[]) {
    return readLastRun(this.#knex, fingerprint, pipelineIds);
  }

  listEvents(options: {
    fingerprint: string;
    pipelineIds: readonly string[];
    limit: number;
  }) {
    return listFailureEvents({ knex: this.#knex, ...options });
  }

  change(action: FailureAction) {
    return changeFailure({ knex: this.#knex, action });
  }
}
