import { ConflictError, InputError } from '@backstage/errors';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { inTransaction, type TransactionOptions } from '../database';
import type { DefinitionsService } from '../definitions';
import type { SubmittedRun } from './DatabaseRunsStore';
import { describeState } from './describeState';
import { appendEvent } from './operations/appendEvent';
import { listResumeSteps } from './operations/listResumeSteps';
import { lockRun } from './operations/lockRun';
import type {
  RetryRequest,
  RunAction,
  RunRow,
  SecretParameters,
  SubmitRunOptions,
} from './types';

/** Highest priority that may be asked for; a run that was brought to the front may have more. */
const MAX_ASKED_PRIORITY = 100;

/** Submits ended runs once more. */
export class RunRetrier {
  readonly #knex: Knex;
  readonly #definitions: DefinitionsService;
  readonly #secrets: SecretParameters | undefined;
  readonly #submit: (
    options: SubmitRunOptions,
    transaction: TransactionOptions,
  ) => Promise<SubmittedRun>;

  constructor(options: {
    knex: Knex;
    definitions: DefinitionsService;
    secrets?: SecretParameters;
    submit: (
      options: SubmitRunOptions,
      transaction: TransactionOptions,
    ) => Promise<SubmittedRun>;
  }) {
    this.#knex = options.knex;
    this.#definitions = options.definitions;
    this.#secrets = options.secrets;
    this.#submit = options.submit;
  }

  /** See `RunsService.retryRun`. */
  async retry(
    action: RunAction<RetryRequest> & { idempotencyKey?: string },
    transaction: TransactionOptions,
  ): Promise<SubmittedRun> {
    const { runId, request, actor, reason, bulkId } = action;
    return inTransaction(this.#knex, transaction, async trx => {
      const run = await lockRun(trx, runId);
      this.#assertRetryable(run);
      const submitted = await this.#submit(
        {
          request: {
            pipelineId: run.pipeline_id,
            parameters:
              request.parameters ?? (await this.#parametersOf(trx, run)),
            labels: request.labels ?? run.labels,
            priority:
              request.priority ?? Math.min(run.priority, MAX_ASKED_PRIORITY),
            note: request.note ?? run.note ?? undefined,
          },
          actor,
          trigger: 'retry',
          idempotencyKey: action.idempotencyKey,
          retry: {
            runId,
            request,
            fromStep: request.fromFailedStep
              ? await this.#stepToResumeFrom(trx, run)
              : undefined,
          },
          reason,
          bulkId,
        },
        { trx },
      );
      if (submitted.created) {
        await appendEvent(trx, {
          runId,
          kind: 'action',
          name: 'retried',
          actor,
          reason,
          details: { runId: submitted.id, bulkId },
        });
      }
      return submitted;
    });
  }

  #assertRetryable(run: RunRow): void {
    if (run.origin !== 'own') {
      throw new ConflictError(
        `Run '${run.id}' was executed elsewhere, so it cannot be retried here`,
      );
    }
    const definition = this.#definitions.find(run.pipeline_id);
    if (!definition) {
      throw new ConflictError(
        `Run '${run.id}' cannot be retried, because its pipeline '${run.pipeline_id}' is not configured any more`,
      );
    }
    if (definition.internal) {
      throw new ConflictError(
        `Run '${run.id}' is of our own pipeline '${run.pipeline_id}', so it cannot be retried; begin anew what it did`,
      );
    }
    if (!isTerminalRunState(run.state)) {
      throw new ConflictError(
        `Run '${run.id}' ${describeState(
          run,
        )}, so it cannot be retried; wait for its end or cancel it first`,
      );
    }
  }

  async #stepToResumeFrom(trx: Knex.Transaction, run: RunRow): Promise<string> {
    if (!this.#definitions.get(run.pipeline_id).resumableSteps) {
      throw new InputError(
        `Pipeline '${run.pipeline_id}' cannot begin at a step; retry run '${run.id}' without fromFailedStep`,
      );
    }
    const steps = await listResumeSteps({ knex: trx, runIds: [run.id] });
    const step = steps.get(run.id);
    if (step === undefined) {
      throw new InputError(
        `Run '${run.id}' has no step that did not succeed; retry it without fromFailedStep`,
      );
    }
    return step;
  }

  /** With their secrets, so that they are checked and sealed as those of a new run. */
  async #parametersOf(trx: Knex.Transaction, run: RunRow): Promise<JsonObject> {
    const parameters = run.parameters as JsonObject;
    const row = await trx<{ run_id: string; sealed: Buffer }>('run_secrets')
      .where({ run_id: run.id })
      .first('sealed');
    return row && this.#secrets
      ? this.#secrets.merge(parameters, this.#secrets.open(row.sealed))
      : parameters;
  }
}
