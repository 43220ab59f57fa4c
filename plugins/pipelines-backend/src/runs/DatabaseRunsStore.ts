import { ConflictError } from '@backstage/errors';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import {
  isUniqueViolation,
  retryTransaction,
  type TransactionOptions,
} from '../database';
import { findKeyedRun } from './operations/findKeyedRun';
import {
  insertRun,
  RUN_KEYS_CONSTRAINT,
  type NewRun,
} from './operations/insertRun';
import type { PipelineSet } from '../permissions';
import { listAttempts } from './operations/listAttempts';
import { listCandidates } from './operations/listCandidates';
import { listEndedAttempts } from './operations/listEndedAttempts';
import { listEvents } from './operations/listEvents';
import { listOutputs } from './operations/listOutputs';
import { listParameterSets } from './operations/listParameterSets';
import { listResumeSteps } from './operations/listResumeSteps';
import {
  listRuns,
  type RunListFilter,
  type RunListRow,
} from './operations/listRuns';
import { listSteps } from './operations/listSteps';
import { readRun } from './operations/readRun';

/** What came of a submit. */
export interface SubmittedRun {
  id: string;
  state: RunState;
  /** False when the same request had been submitted before. */
  created: boolean;
}

/** How often a key that comes and goes while it is looked at is looked at again. */
const MAX_KEY_TRIES = 3;

/** The tables of runs in the plugin's database. */
export class DatabaseRunsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Writes the run, or finds the one that the same request with the same key has made.
   *
   * @throws ConflictError when the key was used for another request
   */
  async submit(
    run: NewRun,
    options: TransactionOptions = {},
  ): Promise<SubmittedRun> {
    for (let attempt = 0; attempt < MAX_KEY_TRIES; attempt++) {
      const known = await this.#findKnown(run, options);
      if (known) {
        return known;
      }
      if (await this.#insert(run, options)) {
        return { id: run.id, state: 'queued', created: true };
      }
    }
    throw new ConflictError(
      `The idempotency key '${run.key?.key}' is being used by another request; try again`,
    );
  }

  read(runId: string) {
    return readRun({ knex: this.#knex, runId });
  }

  list<TColumn extends keyof RunListRow = keyof RunListRow>(options: {
    filter: RunListFilter;
    limit: number;
    scanBudget: number;
    textBudget: number;
    columns?: readonly TColumn[];
  }) {
    return listRuns({ knex: this.#knex, ...options });
  }

  listCandidates(runIds: readonly string[], pipelines: PipelineSet) {
    return listCandidates({ knex: this.#knex, runIds, pipelines });
  }

  listAttempts(runId: string) {
    return listAttempts({ knex: this.#knex, runId });
  }

  listEndedAttempts(
    attempts: readonly { runId: string; attempt: number }[],
    before: Date,
  ) {
    return listEndedAttempts({ knex: this.#knex, attempts, before });
  }

  listSteps(runId: string, attempt: number) {
    return listSteps({ knex: this.#knex, runId, attempt });
  }

  listEvents(options: { runId: string; before?: number; limit: number }) {
    return listEvents({ knex: this.#knex, ...options });
  }

  listOutputs(runId: string) {
    return listOutputs({ knex: this.#knex, runId });
  }

  listParameterSets(options: {
    pipelineId: string;
    among: number;
    limit: number;
  }) {
    return listParameterSets({ knex: this.#knex, ...options });
  }

  listResumeSteps(runIds: readonly string[]) {
    return listResumeSteps({ knex: this.#knex, runIds });
  }

  async #findKnown(
    run: NewRun,
    { trx }: TransactionOptions,
  ): Promise<SubmittedRun | undefined> {
    if (!run.key) {
      return undefined;
    }
    const known = await findKeyedRun({
      knex: trx ?? this.#knex,
      pipelineId: run.pipelineId,
      principal: run.submittedBy,
      key: run.key.key,
    });
    if (known && known.requestHash !== run.key.requestHash) {
      throw new ConflictError(
        `The idempotency key '${run.key.key}' was used for another request, which made run '${known.id}'; use a new key for a new request`,
      );
    }
    return known && { id: known.id, state: known.state, created: false };
  }

  /** Whether it was written; false when somebody else has used the key meanwhile. */
  async #insert(run: NewRun, { trx }: TransactionOptions): Promise<boolean> {
    try {
      if (!trx) {
        await retryTransaction(() => insertRun({ knex: this.#knex, run }));
      } else if (!run.key) {
        await insertRun({ knex: trx, run });
      } else {
        // A savepoint, because the violation of the key would end the caller's transaction.
        await trx.transaction(inner => insertRun({ knex: inner, run }));
      }
      return true;
    } catch (error) {
      if (isUniqueViolation(error, RUN_KEYS_CONSTRAINT)) {
        return false;
      }
      throw error;
    }
  }
}
