import { ConflictError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type {
  RunReceipt,
  RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { retryTransaction, type TransactionOptions } from '../database';
import { lockLease, type Actor, type Lease, type RunRow } from '../runs';
import { decideEnd, RELEASED } from './decideEnd';
import { adoptAttempts } from './operations/adoptAttempts';
import { claimRuns } from './operations/claimRuns';
import { countReleased } from './operations/countReleased';
import { endAttempt } from './operations/endAttempt';
import { listNeighbours } from './operations/listNeighbours';
import { markRunning } from './operations/markRunning';
import { registerWorker } from './operations/registerWorker';
import { renewLeases } from './operations/renewLeases';
import { requestCancel } from './operations/requestCancel';
import { sweepLeases } from './operations/sweepLeases';
import { ReservedConnection } from './ReservedConnection';
import type {
  AdoptedRun,
  AttemptOutcome,
  ClaimedRun,
  HostIdentity,
  Renewal,
  RunActionRequest,
  RunQueue,
  WorkerRegistration,
} from './types';

/** What the trigger of the table `runs` raises for an edge that the state machine lacks. */
const ILLEGAL_TRANSITION = 'P0001';
const SWEEP_BATCH = 100;

/**
 * The queue in the plugin's database: the table of runs is the queue.
 *
 * @remarks
 * All times are the database's. Whatever depends on the state of a run locks its row first, so
 * each race has one winner; whatever a worker writes carries its token.
 */
export class DatabaseRunQueue implements RunQueue {
  readonly #knex: Knex;
  readonly #reserved: ReservedConnection;

  constructor(options: { knex: Knex }) {
    this.#knex = options.knex;
    this.#reserved = new ReservedConnection(options);
  }

  registerWorker(worker: WorkerRegistration): Promise<void> {
    return registerWorker({ knex: this.#knex, worker });
  }

  async markWorkerStopping(workerId: string): Promise<void> {
    await this.#knex('workers')
      .where({ id: workerId })
      .update({ stopping_at: this.#knex.raw('clock_timestamp()') });
  }

  async removeWorker(workerId: string): Promise<void> {
    await this.#knex('workers').where({ id: workerId }).delete();
  }

  claim(options: {
    worker: HostIdentity & { id: string };
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<ClaimedRun[]> {
    return retryTransaction(() => claimRuns({ knex: this.#knex, ...options }));
  }

  renew(options: {
    workerId: string;
    leases: readonly Lease[];
  }): Promise<Renewal[]> {
    return renewLeases({
      query: (sql, bindings) => this.#reserved.query(sql, bindings),
      ...options,
    });
  }

  markRunning(lease: Lease, handle: JsonObject): Promise<void> {
    return this.#leased(lease, (trx, run, actor) =>
      markRunning({ trx, run, handle, actor }),
    );
  }

  finish(lease: Lease, outcome: AttemptOutcome): Promise<RunState> {
    return this.#leased(lease, async (trx, run, actor) => {
      const decision = decideEnd(
        {
          state: run.state,
          attempt: run.attempt,
          maxAttempts: run.max_attempts,
          releasedAttempts: await countReleased({ trx, runId: run.id }),
        },
        outcome,
      );
      await endAttempt({ trx, run, decision, actor });
      return decision.runState;
    });
  }

  release(lease: Lease): Promise<RunState> {
    return this.#leased(lease, async (trx, run, actor) => {
      const decision =
        run.state === 'cancelling'
          ? decideEnd(
              {
                state: run.state,
                attempt: run.attempt,
                maxAttempts: run.max_attempts,
                releasedAttempts: 0,
              },
              { end: { kind: 'lost', message: RELEASED.reason } },
            )
          : RELEASED;
      await endAttempt({ trx, run, decision, actor });
      return decision.runState;
    });
  }

  adopt(options: {
    worker: HostIdentity & { id: string };
    deadWorkerIds: readonly string[];
    heldTokens: readonly string[];
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<AdoptedRun[]> {
    return retryTransaction(() =>
      adoptAttempts({ knex: this.#knex, ...options }),
    );
  }

  listNeighbours(worker: HostIdentity & { id: string }) {
    return listNeighbours({ knex: this.#knex, worker });
  }

  async sweep(): Promise<number> {
    let total = 0;
    for (let swept = SWEEP_BATCH; swept === SWEEP_BATCH; total += swept) {
      swept = await this.#transaction(trx =>
        sweepLeases({ trx, limit: SWEEP_BATCH }),
      );
    }
    return total;
  }

  async requestCancel(
    options: RunActionRequest & { force?: boolean },
    transaction: TransactionOptions = {},
  ): Promise<RunReceipt> {
    const { force = false, ...request } = options;
    try {
      const state = await this.#join(transaction, trx =>
        requestCancel({ trx, force, ...request }),
      );
      return { id: options.runId, state };
    } catch (error) {
      if ((error as { code?: unknown }).code === ILLEGAL_TRANSITION) {
        throw new ConflictError(
          `Run '${options.runId}' cannot be cancelled in its state`,
          error,
        );
      }
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#reserved.close();
  }

  /** In a transaction of its own, or in a part of the caller's that can fail alone. */
  #join<TResult>(
    { trx }: TransactionOptions,
    write: (trx: Knex.Transaction) => Promise<TResult>,
  ): Promise<TResult> {
    return trx ? trx.transaction(write) : this.#transaction(write);
  }

  #transaction<TResult>(
    write: (trx: Knex.Transaction) => Promise<TResult>,
  ): Promise<TResult> {
    return retryTransaction(() => this.#knex.transaction(write));
  }

  #leased<TResult>(
    lease: Lease,
    write: (
      trx: Knex.Transaction,
      run: RunRow,
      actor: Actor,
    ) => Promise<TResult>,
  ): Promise<TResult> {
    return this.#transaction(async trx => {
      const run = await lockLease(trx, lease);
      return write(trx, run, `worker:${run.lease_owner}`);
    });
  }
}
