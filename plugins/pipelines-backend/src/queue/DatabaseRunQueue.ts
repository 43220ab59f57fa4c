import { ConflictError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type {
  RunReceipt,
  RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { TransactionOptions } from '../database';
import type { PipelineDefinition } from '../definitions';
import {
  LeaseLostError,
  lockLease,
  type Actor,
  type Lease,
  type RunRow,
} from '../runs';
import { AttemptBatches } from './AttemptBatches';
import { boundedTransaction } from './boundedTransaction';
import {
  decideEnd,
  RELEASED,
  type EndDecision,
  type EndingRun,
} from './decideEnd';
import { adoptAttempts } from './operations/adoptAttempts';
import { claimRuns } from './operations/claimRuns';
import { endAttempt } from './operations/endAttempt';
import { listNeighbours } from './operations/listNeighbours';
import { markPaused, pauseFailed } from './operations/markPaused';
import { markRunning } from './operations/markRunning';
import { readHeldRun } from './operations/readHeldRun';
import { registerWorker } from './operations/registerWorker';
import { renewLeases } from './operations/renewLeases';
import { requestCancel } from './operations/requestCancel';
import { requestPause, requestResume } from './operations/requestPause';
import { sweepLeases } from './operations/sweepLeases';
import { ReservedConnection } from './ReservedConnection';
import { StateAnnouncer } from './StateAnnouncer';
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
/** A run can change its state only so often while its attempt ends. */
const MAX_END_TRIES = 10;

/** What the queue needs to know of the pipelines that are configured. */
export interface QueueDefinitions {
  find(pipelineId: string): PipelineDefinition | undefined;
  list(): PipelineDefinition[];
}

/**
 * The queue in the plugin's database: the table of runs is the queue.
 *
 * @remarks
 * All times are the database's. Whatever depends on the state of a run locks its row first, so
 * each race has one winner; whatever a worker writes carries its token. No transaction waits for
 * others, or lets others wait, without end.
 */
export class DatabaseRunQueue implements RunQueue {
  readonly #knex: Knex;
  readonly #definitions: QueueDefinitions;
  readonly #reserved: ReservedConnection;
  readonly #announcer: StateAnnouncer;
  readonly #starts: AttemptBatches<RunState>;
  readonly #ends: AttemptBatches<true>;

  /**
   * @param options - without `definitions` a run that goes again does so at once, and none can
   * be frozen
   */
  constructor(options: { knex: Knex; definitions?: QueueDefinitions }) {
    this.#knex = options.knex;
    this.#definitions = options.definitions ?? {
      find: () => undefined,
      list: () => [],
    };
    this.#reserved = new ReservedConnection(options);
    this.#announcer = new StateAnnouncer(options);
    this.#starts = new AttemptBatches({
      ...options,
      name: 'millrace_start_attempts',
    });
    this.#ends = new AttemptBatches({
      ...options,
      name: 'millrace_end_attempts',
    });
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

  async claim(options: {
    worker: HostIdentity & { id: string };
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<ClaimedRun[]> {
    const claimed = await claimRuns({
      knex: this.#knex,
      unpausable: options.pipelineIds.filter(
        id => this.#definitions.find(id)?.internal,
      ),
      ...options,
    });
    claimed.forEach(({ lease }) =>
      this.#announcer.announce(lease.runId, 'starting'),
    );
    return claimed;
  }

  endsSettled(): Promise<void> {
    return this.#ends.settled();
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

  async markRunning(lease: Lease, handle: JsonObject): Promise<void> {
    const state = await markRunning({
      call: request => this.#starts.call(request),
      lease,
      handle,
      canFreeze: this.#canFreeze(lease.pipelineId),
    });
    this.#announcer.announce(lease.runId, state);
  }

  markPaused(lease: Lease): Promise<RunState> {
    return this.#leased(lease, (trx, run, actor) =>
      markPaused({ trx, run, actor }),
    );
  }

  pauseFailed(lease: Lease, message: string): Promise<RunState> {
    return this.#leased(lease, (trx, run, actor) =>
      pauseFailed({ trx, run, actor, message }),
    );
  }

  async finish(lease: Lease, outcome: AttemptOutcome): Promise<RunState> {
    return (
      (await this.#succeed(lease, outcome)) ??
      this.#end(lease, run => decideEnd(run, outcome))
    );
  }

  release(lease: Lease): Promise<RunState> {
    return this.#end(lease, run =>
      run.state === 'cancelling'
        ? decideEnd(run, { end: { kind: 'lost', message: RELEASED.reason } })
        : RELEASED,
    );
  }

  adopt(options: {
    worker: HostIdentity & { id: string };
    deadWorkerIds: readonly string[];
    heldTokens: readonly string[];
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<AdoptedRun[]> {
    return this.#transaction(trx => adoptAttempts({ knex: trx, ...options }));
  }

  listNeighbours(worker: HostIdentity & { id: string }) {
    return this.#transaction(trx => listNeighbours({ knex: trx, worker }));
  }

  async sweep(): Promise<number> {
    let total = 0;
    for (let swept = SWEEP_BATCH; swept === SWEEP_BATCH; total += swept) {
      const ended = await this.#transaction(trx =>
        sweepLeases({
          trx,
          limit: SWEEP_BATCH,
          findDefinition: id => this.#definitions.find(id),
        }),
      );
      ended.forEach(({ runId, state }) =>
        this.#announcer.announce(runId, state),
      );
      swept = ended.length;
    }
    return total;
  }

  requestCancel(
    options: RunActionRequest & { force?: boolean },
    transaction: TransactionOptions = {},
  ): Promise<RunReceipt> {
    const { force = false, ...request } = options;
    return this.#act(request, 'cancelled', transaction, trx =>
      requestCancel({ trx, force, ...request }),
    );
  }

  requestPause(
    options: RunActionRequest & { canFreeze?: boolean },
    transaction: TransactionOptions = {},
  ): Promise<RunReceipt> {
    const { canFreeze, ...request } = options;
    return this.#act(request, 'paused', transaction, trx =>
      requestPause({
        trx,
        canFreeze: pipelineId => canFreeze ?? this.#canFreeze(pipelineId),
        ...request,
      }),
    );
  }

  requestResume(
    request: RunActionRequest,
    transaction: TransactionOptions = {},
  ): Promise<RunReceipt> {
    return this.#act(request, 'resumed', transaction, trx =>
      requestResume({ trx, ...request }),
    );
  }

  async close(): Promise<void> {
    await this.#announcer.close();
    await this.#reserved.close();
  }

  #canFreeze(pipelineId: string): boolean {
    return this.#definitions.find(pipelineId)?.capabilities.pause ?? false;
  }

  /** The end that is by far the most frequent, at once; undefined when it is not that one. */
  async #succeed(
    lease: Lease,
    { end }: AttemptOutcome,
  ): Promise<RunState | undefined> {
    if (end.kind !== 'exited' || end.exitCode !== 0 || end.stopped) {
      return undefined;
    }
    const isEnded = await endAttempt({
      call: request => this.#ends.call(request),
      run: { id: lease.runId, state: 'running', ...lease },
      decision: {
        attemptState: 'succeeded',
        runState: 'succeeded',
        exitCode: 0,
      },
    });
    if (!isEnded) {
      return undefined;
    }
    this.#announcer.announce(lease.runId, 'succeeded');
    return 'succeeded';
  }

  /** Decides by what the run is, and again when it was changed before that could be written. */
  async #end(
    lease: Lease,
    decide: (run: EndingRun) => EndDecision,
  ): Promise<RunState> {
    for (let attempt = 1; attempt <= MAX_END_TRIES; attempt++) {
      const held = await readHeldRun({ knex: this.#knex, lease });
      if (!held) {
        throw new LeaseLostError(lease);
      }
      const { run, ...facts } = held;
      const { retry, queueTimeoutMs } =
        this.#definitions.find(run.pipeline_id) ?? {};
      const decision = decide({
        ...facts,
        state: run.state,
        attempt: run.attempt,
        maxAttempts: run.max_attempts,
        workerDeaths: run.worker_deaths,
        retry,
      });
      const isEnded = await endAttempt({
        call: request => this.#ends.call(request),
        run: { ...run, token: lease.token },
        decision,
        queueTimeoutMs,
      });
      if (isEnded) {
        this.#announcer.announce(lease.runId, decision.runState);
        return decision.runState;
      }
    }
    throw new ConflictError(
      `Run '${lease.runId}' was changed again and again while its attempt ended`,
    );
  }

  async #act(
    { runId }: RunActionRequest,
    done: string,
    transaction: TransactionOptions,
    write: (trx: Knex.Transaction) => Promise<RunState>,
  ): Promise<RunReceipt> {
    try {
      const state = await boundedTransaction(this.#knex, write, transaction);
      return { id: runId, state };
    } catch (error) {
      if ((error as { code?: unknown }).code === ILLEGAL_TRANSITION) {
        throw new ConflictError(
          `Run '${runId}' cannot be ${done} in its state`,
          error,
        );
      }
      throw error;
    }
  }

  #transaction<TResult>(
    write: (trx: Knex.Transaction) => Promise<TResult>,
  ): Promise<TResult> {
    return boundedTransaction(this.#knex, write);
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
