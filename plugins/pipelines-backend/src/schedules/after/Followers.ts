import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import type { DefinitionsService } from '../../definitions';
import { appendEvent } from '../../runs';
import { isRefusal } from '../isRefusal';
import { recordRefusedStart } from '../operations/recordRefusedStart';
import { pathsIn, renderValues } from '../renderValues';
import { CAUSED_BY_LABEL, type RunSubmitter } from '../types';
import type { DatabaseAfterStore, SucceededRun } from './DatabaseAfterStore';

/** A pipeline that a run starts, and with what. */
interface Follower {
  pipelineId: string;
  parameters: JsonObject;
}

/** Starts the pipelines that follow the one of a run that has succeeded. */
export class Followers {
  readonly #knex: Knex;
  readonly #store: DatabaseAfterStore;
  readonly #runs: RunSubmitter;
  readonly #definitions: Pick<DefinitionsService, 'list'>;

  constructor(options: {
    knex: Knex;
    store: DatabaseAfterStore;
    runs: RunSubmitter;
    definitions: Pick<DefinitionsService, 'list'>;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#runs = options.runs;
    this.#definitions = options.definitions;
  }

  /** Every pipeline that another follows. */
  listFollowed(): string[] {
    const followed = this.#definitions
      .list()
      .flatMap(({ after }) => after.map(({ pipelineId }) => pipelineId));
    return [...new Set(followed)];
  }

  /**
   * Queues one run of each follower of this run, all at once, and forgets that it waits for them.
   *
   * @remarks
   * One that is refused is recorded, and does not hold up the others.
   *
   * @returns whether there was anything to do
   */
  async start(runId: string): Promise<boolean> {
    return inTransaction(this.#knex, {}, async trx => {
      const run = await this.#store.take(trx, runId);
      if (!run) {
        return false;
      }
      const followers = this.#followersOf(run.pipelineId);
      if (run.state === 'succeeded' && followers.length > 0) {
        const known = await this.#describe(trx, run, followers);
        for (const follower of followers) {
          await this.#submit(trx, run, follower, known);
        }
      }
      return true;
    });
  }

  #followersOf(pipelineId: string): Follower[] {
    return this.#definitions.list().flatMap(({ id, after }) =>
      after
        .filter(start => start.pipelineId === pipelineId)
        // Named twice it would still be one start.
        .slice(0, 1)
        .map(({ parameters }) => ({ pipelineId: id, parameters })),
    );
  }

  /** What templates may name of the run. */
  async #describe(
    trx: Knex.Transaction,
    run: SucceededRun,
    followers: readonly Follower[],
  ): Promise<JsonObject> {
    const names = followers
      .flatMap(({ parameters }) => pathsIn(parameters))
      .filter(([, kind]) => kind === 'outputs')
      .map(([, , name]) => name)
      .filter(name => name !== undefined);
    return {
      run: {
        id: run.id,
        pipeline: run.pipelineId,
        parameters: run.parameters,
        outputs:
          names.length > 0
            ? await this.#store.readOutputs(trx, run.id, names)
            : {},
      },
    };
  }

  async #submit(
    trx: Knex.Transaction,
    run: SucceededRun,
    { pipelineId, parameters }: Follower,
    known: JsonObject,
  ): Promise<void> {
    const actor = `pipeline:${run.pipelineId}`;
    const tell = (event: {
      kind: 'action' | 'warning';
      name: string;
      reason?: string;
      details: JsonObject;
    }) => appendEvent(trx, { runId: run.id, actor, ...event });
    try {
      const started = await this.#runs.submitRun(
        {
          request: {
            pipelineId,
            parameters: renderValues(parameters, known),
            labels: { [CAUSED_BY_LABEL]: run.id },
          },
          actor,
          trigger: 'after',
          idempotencyKey: `after:${run.id}`,
        },
        { trx },
      );
      await tell({
        kind: 'action',
        name: 'follower-submitted',
        details: { pipelineId, runId: started.id },
      });
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      await recordRefusedStart(trx, {
        pipelineId,
        trigger: 'after',
        source: actor,
        message: `After run '${run.id}': ${error.message}`,
      });
      await tell({
        kind: 'warning',
        name: 'follower-refused',
        reason: error.message,
        details: { pipelineId },
      });
    }
  }
}
