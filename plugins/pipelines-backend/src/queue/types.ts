import type { JsonObject } from '@backstage/types';
import type {
  Pause,
  RunReceipt,
  RunState,
  Waiting,
} from '@millrace/backstage-plugin-pipelines-common';
import type { AttemptEnd } from '@millrace/backstage-plugin-pipelines-node';
import type { TransactionOptions } from '../database';
import type { PipelineDefinition } from '../definitions';
import type { Actor, Lease } from '../runs';

/** How long a lease lasts without renewal, by the clock of the database. */
export const LEASE_TTL_MS = 15_000;

/** How long after its end an expired lease is left alone. */
export const SWEEP_DELAY_MS = 1_000;

/**
 * A run whose attempts were lost with their worker this often is quarantined: it ends `lost` even
 * if attempts are left, because it may be what takes the workers down.
 */
export const MAX_WORKER_DEATHS = 3;

/** Where a worker runs: what makes its process ids mean something. */
export interface HostIdentity {
  /** Name of the host. */
  host: string;
  /** Changes with each boot of the host, and with each space of process ids on it. */
  bootId: string;
}

/** A backend process that claims runs. */
export interface WorkerRegistration extends HostIdentity {
  id: string;
  pid: number;
  /** Start time of the process in clock ticks since boot; absent where the system does not tell. */
  pidStartTicks?: number;
  slots: number;
  version: string;
  /** The pipelines that it claims; absent means that it may be any. */
  pipelineIds?: readonly string[];
}

/** A run that a worker has claimed, with what it needs to execute it. */
export interface ClaimedRun {
  lease: Lease;
  parameters: JsonObject;
  /** Set when a retry begins at a step: the step, and the run that made what comes before it. */
  resume?: { step: string; runId: string };
}

/** An attempt whose worker is gone, taken over by another worker of the same host. */
export interface AdoptedRun extends ClaimedRun {
  /** What the engine had said; absent when the worker died before it did. */
  handle?: JsonObject;
  /** Position of the last log batch that was stored. */
  logPosition: number;
  /** The worker that had it before. */
  formerWorkerId: string;
}

/** What a renewal says of one lease. */
export interface Renewal {
  runId: string;
  token: string;
  /** `lost`: the lease is over, so stop and write nothing more. */
  state: 'held' | 'lost';
  /** Set when the run shall be cancelled. */
  cancel?: { force: boolean };
  /** True while the run shall stand still: freeze it, say `markPaused`; thaw it when this is over. */
  pause?: boolean;
}

/**
 * Why the worker made an execution end, or why it never began.
 *
 * @remarks
 * `spawn`: the engine could not start it. `timeout`: it took longer than it may. `stop`: the
 * worker itself stops. `lease`: the worker could not renew the lease in time.
 */
export type EndCause = 'spawn' | 'timeout' | 'stop' | 'lease';

/** What took longer than it may; its message says so. */
export interface ExceededTimeout {
  /**
   * `start`: until the execution was there; `run`: the whole attempt; `step`: one step;
   * `no-output`: the time without a word.
   */
  what: 'start' | 'run' | 'step' | 'no-output';
  /** How long it may take, in ms. */
  limitMs: number;
  /** The name of the step, for `step`. */
  step?: string;
}

/** How an attempt ended, as the worker saw it. */
export interface AttemptOutcome {
  end: AttemptEnd;
  cause?: EndCause;
  /** Which limit it was, with the cause `timeout`; absent means the whole attempt. */
  timeout?: ExceededTimeout;
  /** The last line that the execution wrote to stderr, which mostly says why it failed. */
  lastWords?: string;
}

/** Who asks for something to be done to a run, and why. */
export interface RunActionRequest {
  runId: string;
  by: Actor;
  reason?: string;
  /** The bulk action that it is part of; the event says so. */
  bulkId?: string;
}

/** The queue of runs: claims, leases, and every transition that depends on them. */
export interface RunQueue {
  /** Makes a worker known, or known again. */
  registerWorker(worker: WorkerRegistration): Promise<void>;
  /** Says that a worker claims nothing more. */
  markWorkerStopping(workerId: string): Promise<void>;
  /** Forgets a worker that has stopped. */
  removeWorker(workerId: string): Promise<void>;
  /**
   * Resolves when the ends that are being written have been, or after a moment: slots that come
   * free together are filled by one claim.
   */
  endsSettled(): Promise<void>;
  /**
   * Leases queued runs of the given pipelines, the most urgent first; each starts an attempt.
   *
   * @remarks
   * Heeds pauses, held runs and limits, exactly and whoever else claims at the same time: once
   * a pause has committed, nothing that it holds up starts. What waits for a limit does not hold
   * up what comes after it. A worker that drains gets nothing.
   */
  claim(options: {
    worker: HostIdentity & { id: string };
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<ClaimedRun[]>;
  /** Renews the leases of a worker, and its heartbeat, at once; answers for each lease. */
  renew(options: {
    workerId: string;
    leases: readonly Lease[];
  }): Promise<Renewal[]>;
  /**
   * Says that the execution is there.
   *
   * @remarks
   * A run that was asked to be paused meanwhile, and whose engine can freeze it, is `pausing` at
   * once; the next renewal says so.
   *
   * @throws LeaseLostError when the lease is over
   */
  markRunning(lease: Lease, handle: JsonObject): Promise<void>;
  /**
   * Says that the execution stands still. A run that is to be cancelled meanwhile, or was
   * resumed, stays as it is.
   *
   * @returns the state of the run, `paused` if it is
   * @throws LeaseLostError when the lease is over
   */
  markPaused(lease: Lease): Promise<RunState>;
  /**
   * Says that the execution could not be made to stand still and therefore goes on. The pause is
   * over: a run that is `pausing` is `running` again, with a warning that has the message; one
   * that is to be cancelled meanwhile stays as it is.
   *
   * @returns the state of the run
   * @throws LeaseLostError when the lease is over
   */
  pauseFailed(lease: Lease, message: string): Promise<RunState>;
  /**
   * Ends the attempt and with it the lease, and puts the run into the state that follows.
   *
   * @returns the state of the run; `queued` when it goes again
   * @throws LeaseLostError when the lease is over
   */
  finish(lease: Lease, outcome: AttemptOutcome): Promise<RunState>;
  /**
   * Gives back a run of which nothing was started; the attempt does not count.
   *
   * @throws LeaseLostError when the lease is over
   */
  release(lease: Lease): Promise<RunState>;
  /**
   * Takes over, with new tokens, attempts that workers of the same host left behind: those of
   * dead workers of the same boot at once, all others when their lease is over, those that the
   * worker itself has lost among them.
   */
  adopt(options: {
    worker: HostIdentity & { id: string };
    /** Workers of this host and boot whose process is gone. */
    deadWorkerIds: readonly string[];
    /** Tokens that the worker is using, so not left behind. */
    heldTokens: readonly string[];
    pipelineIds: readonly string[];
    limit: number;
  }): Promise<AdoptedRun[]>;
  /** Other workers of this host and boot that hold leases. */
  listNeighbours(
    worker: HostIdentity & { id: string },
  ): Promise<{ id: string; pid: number; pidStartTicks?: number }[]>;
  /**
   * Ends the attempts whose lease is over and that no worker of their own host has adopted in
   * time.
   *
   * @returns how many
   */
  sweep(): Promise<number>;
  /**
   * Cancels a run: at once when it is queued, else by asking its worker.
   *
   * @throws NotFoundError when there is no such run; ConflictError when it ended otherwise
   */
  requestCancel(
    request: RunActionRequest & { force?: boolean },
    transaction?: TransactionOptions,
  ): Promise<RunReceipt>;
  /**
   * Pauses a run. A queued one is held: it stays queued and nobody claims it. A running one whose
   * engine can freeze it is `pausing` until its worker has confirmed that. Any other goes on; its
   * next attempt is held.
   *
   * @param request - `canFreeze` defaults to what the engine of its pipeline declares
   * @throws NotFoundError when there is no such run; ConflictError, which says who did what when,
   * when it is over, is being cancelled or is executed elsewhere
   */
  requestPause(
    request: RunActionRequest & { canFreeze?: boolean },
    transaction?: TransactionOptions,
  ): Promise<RunReceipt>;
  /**
   * Lets a paused or held run go on. A paused one is `running` at once, and its worker thaws it
   * at its next renewal.
   *
   * @throws NotFoundError when there is no such run; ConflictError, which says who did what when,
   * when it is over or being cancelled, and while it is still `pausing`
   */
  requestResume(
    request: RunActionRequest,
    transaction?: TransactionOptions,
  ): Promise<RunReceipt>;
  /** Lets go of what the queue holds open. */
  close(): Promise<void>;
}

/** The pauses that hold now; those that have ended by themselves are not among them. */
export interface QueuePauses {
  /** Of the whole queue. */
  queue?: Pause;
  /** Of single pipelines, by id. */
  pipelines: ReadonlyMap<string, Pause>;
}

/** What other rooms may ask of, and say to, the queue as a whole. */
export interface QueueControl {
  /**
   * Writes how many runs may be executed at once; to be called at start and whenever settings
   * have changed. What is active counts on; a lower limit ends nothing.
   *
   * @param limits - `total`: over all pipelines, absent means no limit; limits of pipelines that
   * are not given stay as they are, because another version may know them
   */
  syncLimits(limits: {
    total?: number;
    pipelines: readonly PipelineDefinition[];
  }): Promise<void>;
  /** The pauses that hold now. */
  pauses(): Promise<QueuePauses>;
  /** Why a queued run has not started; undefined when there is no such run or it is not queued. */
  waitingOf(runId: string): Promise<Waiting | undefined>;
}
