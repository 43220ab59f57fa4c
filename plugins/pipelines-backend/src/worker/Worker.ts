import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Engine } from '@millrace/backstage-plugin-pipelines-node';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DefinitionsService } from '../definitions';
import type { LiveMessage, LiveService } from '../live';
import {
  Loop,
  type AdoptedRun,
  type ClaimedRun,
  type RunQueue,
  type WorkerRegistration,
} from '../queue';
import type { RunsService } from '../runs';
import { AttemptDriver, type LeaseLimits } from './AttemptDriver';
import {
  isProcessAlive,
  readHostIdentity,
  readStartTicks,
} from './hostIdentity';
import { StoringSink } from './StoringSink';
import type { AttemptArtifacts, AttemptLogs, AttemptSecrets } from './types';

const CLAIM_EVERY_MS = [2_000, 5_000] as const;
const HEARTBEAT_EVERY_MS = [5_000, 5_000] as const;
const HEARTBEAT_MAX_BACK_OFF_MS = 1_000;
const RECOVER_EVERY_MS = [1_000, 2_000] as const;
const CHECK_LEASES_EVERY_MS = 250;
/** After these messages there may be a run that could not be claimed before. */
const MAKES_CLAIMABLE: readonly LiveMessage['kind'][] = [
  'queued',
  'queue',
  'settings',
  'resync',
];
/** Runs of our own pipelines at once; what they do may be to end those that take the slots. */
const MAX_INTERNAL_RUNS = 2;
/** Attempts of dead workers that are looked after at once. */
const MAX_RECOVERIES = 8;
/** How long executions may take to end politely once a stopping worker no longer waits. */
const STOP_GRACE_MS = 10_000;

/** What a worker works with. */
export interface WorkerOptions {
  queue: RunQueue;
  runs: RunsService;
  definitions: DefinitionsService;
  engines: { get(engineId: string): Engine };
  logs: AttemptLogs;
  artifacts: AttemptArtifacts;
  secrets: AttemptSecrets;
  live: LiveService;
  logger: LoggerService;
  /** Runs at once, as it holds now; with fewer than are executed none of them is ended. */
  slots: () => number;
  /** How long a stopping worker lets its runs finish. */
  stopWaitMs: number;
  /** Version of this package, shown with the worker. */
  version: string;
  /** Removes what an attempt has on disk, once all of it is stored. */
  cleanUp: (attempt: { runId: string; attempt: number }) => Promise<void>;
  /** Where an attempt that begins at a step finds the artifacts of what came before; absolute. */
  resumeFolderOf: (attempt: { runId: string; attempt: number }) => string;
  /** Whether timeouts go on while a run stands still; default false. */
  pausedTimeCounts?: boolean;
  /** How long an engine may take to start; default 60 s. */
  spawnWaitMs?: number;
  /** How long an attempt goes on without renewal; default 10 s, and 14 s until force. */
  leaseLimits?: LeaseLimits;
}

/**
 * Claims runs for its slots and drives engines through them.
 *
 * @remarks
 * Three loops, each of which survives a database that is out of order: one claims, when it is
 * told that a run was queued, when a slot is free again, and every few seconds; one renews all
 * leases every 5 s, and at once when a run of this worker is to be cancelled, paused or resumed;
 * one looks for attempts that dead workers of this host left behind, before anything is claimed and then
 * every second or two.
 */
export class Worker {
  /** Resolves when it has begun to look after what was left behind on its host. */
  readonly hasLookedBack: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #identity: Omit<WorkerRegistration, 'slots'>;
  readonly #pipelineIds: readonly string[];
  /** Those of our own, whose runs take no slot. */
  readonly #internalIds: readonly string[];
  /** Attempts by the token of their lease. */
  readonly #drivers = new Map<string, AttemptDriver>();
  readonly #work = new Set<Promise<void>>();
  readonly #claimLoop: Loop;
  readonly #heartbeatLoop: Loop;
  readonly #recoverLoop: Loop;
  /** Runs that this worker has claimed, by what they are counted against. */
  readonly #executing = { slots: 0, internal: 0 };
  /** As the queue knows them; absent when it does not know this worker. */
  #registeredSlots: number | undefined;
  #lookedBack: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #leaseTimer: NodeJS.Timeout | undefined;

  private constructor(
    options: WorkerOptions,
    identity: Omit<WorkerRegistration, 'slots'>,
  ) {
    this.#options = options;
    this.#identity = identity;
    const definitions = options.definitions.list();
    this.#pipelineIds = definitions.map(({ id }) => id);
    this.#internalIds = definitions
      .filter(({ internal }) => internal)
      .map(({ id }) => id);
    this.hasLookedBack = new Promise(resolve => {
      this.#lookedBack = resolve;
    });
    this.#claimLoop = this.#loop('Runs could not be claimed', {
      everyMs: CLAIM_EVERY_MS,
      round: () => this.#claim(),
    });
    this.#heartbeatLoop = this.#loop('Leases could not be renewed', {
      everyMs: HEARTBEAT_EVERY_MS,
      maxBackOffMs: HEARTBEAT_MAX_BACK_OFF_MS,
      round: () => this.#renew(),
    });
    this.#recoverLoop = this.#loop('Abandoned attempts could not be found', {
      everyMs: RECOVER_EVERY_MS,
      round: () => this.#recoverAttempts(),
    });
  }

  /** A worker of this process; it does nothing before it is started. */
  static async create(options: WorkerOptions): Promise<Worker> {
    const identity = await readHostIdentity();
    return new Worker(options, {
      ...identity,
      id: `${identity.host}-${process.pid}-${randomUUID().slice(0, 8)}`,
      pid: process.pid,
      pidStartTicks: await readStartTicks(process.pid),
      version: options.version,
    });
  }

  get id(): string {
    return this.#identity.id;
  }

  /** Begins to look after what was left behind, and then to claim. */
  start(): void {
    this.#unsubscribe = this.#options.live.subscribe(message =>
      this.#hear(message),
    );
    this.#leaseTimer = setInterval(() => {
      this.#drivers.forEach(driver => driver.checkLease());
    }, CHECK_LEASES_EVERY_MS);
    this.#heartbeatLoop.start();
    this.#recoverLoop.start();
  }

  /**
   * Claims nothing more, lets the runs finish for a while, ends the others and gives them back;
   * resolves when nothing of them is alive.
   */
  async stop(): Promise<void> {
    const { queue, stopWaitMs } = this.#options;
    await Promise.all([this.#claimLoop.stop(), this.#recoverLoop.stop()]);
    await this.#attempt(() => queue.markWorkerStopping(this.id));
    await this.#waitForWork(stopWaitMs);
    this.#drivers.forEach(driver => driver.stop({ force: false }));
    await this.#waitForWork(STOP_GRACE_MS);
    this.#drivers.forEach(driver => driver.stop({ force: true }));
    await Promise.all(this.#work);
    this.#unsubscribe?.();
    clearInterval(this.#leaseTimer);
    await this.#heartbeatLoop.stop();
    await this.#attempt(() => queue.removeWorker(this.id));
  }

  #hear(message: LiveMessage): void {
    if (MAKES_CLAIMABLE.includes(message.kind)) {
      this.#claimLoop.wake();
    }
    const concernsUs =
      message.kind === 'resync' ||
      (asksSomething(message) &&
        [...this.#drivers.values()].some(
          ({ lease }) => lease.runId === message.runId,
        ));
    if (concernsUs) {
      // The answer to a renewal says what is to be cancelled, and how, and what shall stand still.
      this.#heartbeatLoop.wake();
    }
  }

  async #claim(): Promise<void> {
    await this.#options.queue.endsSettled();
    const free = this.#options.slots() - this.#executing.slots;
    const wanted =
      free > 0
        ? { pipelineIds: this.#pipelineIds, limit: free }
        : {
            pipelineIds: this.#internalIds,
            limit: MAX_INTERNAL_RUNS - this.#executing.internal,
          };
    if (wanted.limit <= 0 || wanted.pipelineIds.length === 0) {
      return;
    }
    const leasedAt = performance.now();
    const claimed = await this.#options.queue.claim({
      worker: this.#identity,
      ...wanted,
    });
    for (const run of claimed) {
      const driver = this.#drive(run, leasedAt);
      const counted = this.#internalIds.includes(run.lease.pipelineId)
        ? 'internal'
        : 'slots';
      this.#executing[counted] += 1;
      this.#track(driver, driver.execute()).finally(() => {
        this.#executing[counted] -= 1;
        this.#claimLoop.wake();
      });
    }
    if (claimed.length > 0) {
      // One notification may stand for many runs, so only an empty answer means that none waits.
      this.#claimLoop.wake();
    }
  }

  async #register(): Promise<void> {
    const slots = this.#options.slots();
    if (this.#registeredSlots !== slots) {
      await this.#options.queue.registerWorker({ ...this.#identity, slots });
      this.#registeredSlots = slots;
    }
  }

  async #renew(): Promise<void> {
    const { queue } = this.#options;
    await this.#register();
    const askedAt = performance.now();
    const renewals = await queue.renew({
      workerId: this.id,
      leases: [...this.#drivers.values()].map(({ lease }) => lease),
    });
    for (const renewal of renewals) {
      this.#drivers.get(renewal.token)?.applyRenewal(renewal, askedAt);
    }
  }

  async #recoverAttempts(): Promise<void> {
    const { queue } = this.#options;
    // Before anything is claimed: a worker that nobody knows would not be missed.
    await this.#register();
    const neighbours = await queue.listNeighbours(this.#identity);
    const alive = await Promise.all(neighbours.map(isProcessAlive));
    const { slots, internal } = this.#executing;
    const recovering = this.#drivers.size - slots - internal;
    const leasedAt = performance.now();
    const adopted = await queue.adopt({
      worker: this.#identity,
      deadWorkerIds: neighbours
        .filter((_, index) => !alive[index])
        .map(({ id }) => id),
      heldTokens: [...this.#drivers.keys()],
      pipelineIds: this.#pipelineIds,
      limit: Math.max(0, MAX_RECOVERIES - recovering),
    });
    for (const run of adopted) {
      this.#options.logger.warn(
        `Worker '${run.formerWorkerId}' is gone; looking after attempt ${run.lease.attempt} of run '${run.lease.runId}'`,
      );
      const driver = this.#drive(run, leasedAt);
      this.#track(driver, driver.recover(run));
    }
    this.#lookedBack?.();
    this.#claimLoop.start();
  }

  #drive(run: ClaimedRun | AdoptedRun, leasedAt: number): AttemptDriver {
    const { runs, definitions, engines, ...options } = this.#options;
    const definition = definitions.get(run.lease.pipelineId);
    const recorder = runs.recorderFor(run.lease, `worker:${this.id}`);
    const driver = new AttemptDriver({
      ...options,
      claimed: run,
      leasedAt,
      definition,
      engine: engines.get(definition.engine),
      recorder,
      createSink: held => new StoringSink({ ...options, held, recorder }),
    });
    this.#drivers.set(run.lease.token, driver);
    return driver;
  }

  #track(driver: AttemptDriver, work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => {
      this.#drivers.delete(driver.lease.token);
      this.#work.delete(tracked);
    });
    this.#work.add(tracked);
    return tracked;
  }

  async #waitForWork(timeoutMs: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      Promise.all(this.#work),
      sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
  }

  /** Does what is good to have done, but not worth holding up the end of a process. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#options.logger.warn(
        `Worker '${this.id}' could not say that it stops: ${error}`,
      );
    }
  }

  #loop(
    problem: string,
    options: {
      everyMs: readonly [number, number];
      maxBackOffMs?: number;
      round: () => Promise<void>;
    },
  ): Loop {
    return new Loop({
      ...options,
      onError: error => this.#options.logger.warn(`${problem}: ${error}`),
    });
  }
}

/** Whether the next renewal of a run says something new. */
function asksSomething(
  message: LiveMessage,
): message is LiveMessage & { runId: string } {
  switch (message.kind) {
    case 'cancel':
    case 'pause':
      return true;
    case 'state':
      // What was asked for before it was running is to be done now.
      return message.state === 'pausing';
    default:
      return false;
  }
}
