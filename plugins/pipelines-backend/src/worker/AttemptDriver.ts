import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  AttemptEnd,
  Engine,
  EngineAttempt,
} from '@millrace/backstage-plugin-pipelines-node';
import type {
  AdoptedRun,
  EndCause,
  ExceededTimeout,
  Renewal,
  RunQueue,
} from '../queue';
import { LeaseLostError, type AttemptRecorder, type Lease } from '../runs';
import {
  AttemptPreparation,
  type AttemptPreparationOptions,
} from './AttemptPreparation';
import { AttemptTimeouts } from './AttemptTimeouts';
import { describeTimeout } from './describeTimeout';
import { patiently, type HeldLease } from './patiently';
import { PauseControl } from './PauseControl';
import { StartTimeoutError, startInTime } from './startInTime';
import type { StoringSink } from './StoringSink';
import type { AttemptLogs } from './types';

/** How long an attempt goes on when its lease is not renewed. */
export interface LeaseLimits {
  /** Then it is ended politely. */
  termMs: number;
  /** Then it is ended by force, and nothing more is written. */
  killMs: number;
}

const DEFAULT_LEASE_LIMITS: LeaseLimits = { termMs: 10_000, killMs: 14_000 };
const DEFAULT_SPAWN_WAIT_MS = 60_000;

/** What a driver works with. */
export interface AttemptDriverOptions extends AttemptPreparationOptions {
  /** `performance.now()` just before the lease was asked for. */
  leasedAt: number;
  engine: Engine;
  queue: RunQueue;
  recorder: AttemptRecorder;
  logs: AttemptLogs;
  createSink: (held: HeldLease) => StoringSink;
  /** Removes what the attempt has on disk, once all of it is stored. */
  cleanUp: (attempt: { runId: string; attempt: number }) => Promise<void>;
  logger: LoggerService;
  /** How long an engine may take to start; default 60 s. */
  spawnWaitMs?: number;
  /** Default 10 s and 14 s. */
  leaseLimits?: LeaseLimits;
  /** Whether timeouts go on while a run stands still; default false. */
  pausedTimeCounts?: boolean;
}

/**
 * Drives an engine through one attempt, from the claim to the stored end.
 *
 * @remarks
 * The end is always what the engine says; cancelling, a timeout, a stopping worker and a lease
 * that is not renewed only make the engine end sooner, and say why. When the lease is lost,
 * the execution is ended by force and nothing more is written: the run is somebody else's.
 */
export class AttemptDriver {
  readonly lease: Lease;
  readonly #options: AttemptDriverOptions;
  readonly #sink: StoringSink;
  readonly #held: HeldLease;
  readonly #lost = new AbortController();
  readonly #limits: LeaseLimits;
  readonly #timeouts: AttemptTimeouts;
  readonly #preparation: AttemptPreparation;
  /** Aborts when the attempt is to end. */
  readonly #stopping = new AbortController();
  #renewedAt: number;
  #execution: EngineAttempt | undefined;
  #pauseControl: PauseControl | undefined;
  #isPauseWanted = false;
  #hasEnded = false;
  #ending: { force: boolean } | undefined;
  #cause: EndCause | undefined;
  #exceeded: ExceededTimeout | undefined;
  #isRecovery = false;
  /** Stored before the end, though nobody waits for it earlier. */
  #notice = Promise.resolve();

  constructor(options: AttemptDriverOptions) {
    this.#options = options;
    this.lease = options.claimed.lease;
    this.#renewedAt = options.leasedAt;
    this.#limits = options.leaseLimits ?? DEFAULT_LEASE_LIMITS;
    this.#held = {
      lease: this.lease,
      lost: this.#lost.signal,
      lose: () => this.#loseLease(),
    };
    this.#sink = options.createSink(this.#held);
    this.#timeouts = new AttemptTimeouts(options.definition, timeout =>
      this.#exceed(timeout),
    );
    this.#preparation = new AttemptPreparation(
      options,
      this.#held,
      this.#timeouts.listenTo(this.#sink),
    );
  }

  /** Executes the attempt; resolves when nothing of it is alive and its end is stored. */
  async execute(): Promise<void> {
    await this.#guarded(async () => {
      const execution = await this.#start();
      if (execution) {
        await this.#follow(execution);
      }
    });
  }

  /** Finds out how an attempt ended whose worker is gone, and stores that. */
  async recover(adopted: AdoptedRun): Promise<void> {
    this.#isRecovery = true;
    await this.#guarded(async () => {
      const end = await this.#askHowItEnded(adopted);
      await this.#finish(end);
    });
  }

  /** Takes the answer to a renewal that was asked for at `askedAt` (`performance.now()`). */
  applyRenewal(renewal: Renewal, askedAt: number): void {
    if (renewal.state === 'lost') {
      this.#loseLease();
      return;
    }
    this.#renewedAt = Math.max(this.#renewedAt, askedAt);
    this.#execution?.leaseRenewed(askedAt);
    if (renewal.cancel) {
      this.#end(renewal.cancel);
    }
    this.#isPauseWanted = renewal.pause ?? false;
    this.#pauseControl?.apply(this.#isPauseWanted);
  }

  /** Ends the execution when its lease was not renewed for too long. */
  checkLease(): void {
    const { termMs, killMs } = this.#limits;
    const ageMs = performance.now() - this.#renewedAt;
    if (ageMs >= killMs) {
      this.#loseLease();
    } else if (ageMs >= termMs) {
      this.#end({ force: false }, 'lease');
    }
  }

  /** Ends the execution because the worker stops; a recovery has nothing to end. */
  stop(options: { force: boolean }): void {
    if (!this.#isRecovery) {
      this.#end(options, 'stop');
    }
  }

  /** Undefined when it was not started; then that is stored. */
  async #start(): Promise<EngineAttempt | undefined> {
    const {
      engine,
      queue,
      spawnWaitMs = DEFAULT_SPAWN_WAIT_MS,
    } = this.#options;
    try {
      const context = await this.#preparation.forStart(this.#stopping.signal);
      // Making ready may have taken longer than a lease.
      const leasedAt = this.#renewedAt;
      this.#execution = this.#ending
        ? undefined
        : await startInTime(engine, { ...context, leasedAt }, spawnWaitMs);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        throw error;
      }
      await this.#failStart(error);
      return undefined;
    }
    if (!this.#execution) {
      await this.#store(() => queue.release(this.lease));
      await this.#cleanUp();
    } else if (this.#ending) {
      this.#execution.cancel(this.#ending);
    }
    return this.#execution;
  }

  /** A worker that was frozen is no reason to say that a run cannot be started. */
  async #failStart(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : `${error}`;
    if (performance.now() - this.#renewedAt >= this.#limits.termMs) {
      await this.#finish({ kind: 'lost', message });
    } else if (this.#ending) {
      await this.#finish({ kind: 'failed', message, stopped: true });
    } else if (error instanceof StartTimeoutError) {
      this.#cause = 'timeout';
      this.#exceeded = error.timeout;
      await this.#finish({ kind: 'failed', message, stopped: true });
    } else {
      this.#cause = 'spawn';
      await this.#finish({ kind: 'failed', message });
    }
  }

  async #follow(execution: EngineAttempt): Promise<void> {
    const { queue } = this.#options;
    this.#timeouts.run();
    try {
      await this.#store(() => queue.markRunning(this.lease, execution.handle));
      this.#pauseControl = this.#controlPause(execution);
      this.#pauseControl.apply(this.#isPauseWanted);
    } catch (error) {
      this.#loseLease();
      throw error;
    } finally {
      await execution.end;
      this.#hasEnded = true;
      this.#timeouts.hold();
    }
    await this.#finish(await execution.end);
  }

  #controlPause(execution: EngineAttempt): PauseControl {
    const { logger, pausedTimeCounts, queue } = this.#options;
    return new PauseControl({
      runId: this.lease.runId,
      execution,
      logger,
      isEnding: () => this.#hasEnded || this.#ending !== undefined,
      onChange: isPaused => {
        if (isPaused && !pausedTimeCounts) {
          this.#timeouts.hold();
        } else {
          this.#timeouts.run();
        }
      },
      markPaused: () => this.#store(() => queue.markPaused(this.lease)),
      pauseFailed: message =>
        this.#store(() => queue.pauseFailed(this.lease, message)),
    });
  }

  async #finish(end: AttemptEnd): Promise<void> {
    const { queue, logs, logger } = this.#options;
    const { runId, attempt } = this.lease;
    await this.#evenIf('progress', () => this.#sink.flush());
    await this.#evenIf('the notice of its timeout', () => this.#notice);
    await this.#evenIf('the end of its log', () =>
      this.#store(() => logs.finish(this.lease)),
    );
    const state = await this.#store(() =>
      queue.finish(this.lease, {
        end: this.#judge(end),
        cause: this.#cause,
        ...(this.#cause === 'timeout' && { timeout: this.#exceeded }),
        lastWords: this.#sink.lastWords,
      }),
    );
    logger.info(`Attempt ${attempt} of run '${runId}' ended: it is ${state}`);
    await this.#cleanUp();
  }

  /** What ended well has failed all the same when something that it made was not kept. */
  #judge(end: AttemptEnd): AttemptEnd {
    const { unkept } = this.#sink;
    const endedWell = end.kind === 'exited' && end.exitCode === 0;
    return unkept && endedWell && !end.stopped
      ? { kind: 'failed', message: unkept }
      : end;
  }

  async #cleanUp(): Promise<void> {
    const { runId, attempt } = this.lease;
    await this.#evenIf('the folder', () =>
      this.#options.cleanUp({ runId, attempt }),
    );
  }

  /** What is lost of an attempt must not keep its end from being stored. */
  async #evenIf(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof LeaseLostError) {
        throw error;
      }
      this.#options.logger.error(
        `Could not deal with ${what} of run '${this.lease.runId}': ${error}`,
      );
    }
  }

  async #askHowItEnded(adopted: AdoptedRun): Promise<AttemptEnd> {
    const { engine, recorder } = this.#options;
    if (!engine.recover) {
      return {
        kind: 'lost',
        message: `Its worker '${adopted.formerWorkerId}' is gone`,
      };
    }
    const context = await this.#preparation.forRecovery(async error => {
      await this.#store(() =>
        recorder.recordEvent({
          kind: 'warning',
          name: 'log-incomplete',
          reason: `The rest of what it wrote is left out, because its secrets cannot be hidden: ${error}`,
        }),
      );
    });
    try {
      return await engine.recover({
        ...context,
        handle: adopted.handle,
        resumeFrom: adopted.logPosition,
      });
    } catch (error) {
      return {
        kind: 'lost',
        message: `Its worker '${adopted.formerWorkerId}' is gone, and how it ended could not be found out: ${error}`,
      };
    }
  }

  #exceed(timeout: ExceededTimeout): void {
    if (this.#ending) {
      return;
    }
    this.#exceeded = timeout;
    this.#end({ force: false }, 'timeout');
    this.#notice = this.#store(() =>
      this.#options.recorder.recordEvent({
        kind: 'warning',
        name: 'timeout',
        reason: describeTimeout(timeout),
      }),
    );
    this.#notice.catch(() => {});
  }

  #end(options: { force: boolean }, cause?: EndCause): void {
    if (this.#ending && (this.#ending.force || !options.force)) {
      return;
    }
    if (!this.#ending) {
      this.#cause = cause;
    }
    this.#ending = options;
    this.#stopping.abort();
    this.#execution?.cancel(options);
  }

  #loseLease(): void {
    this.#lost.abort();
    this.#end({ force: true }, 'lease');
  }

  #store<TResult>(write: () => Promise<TResult>): Promise<TResult> {
    return patiently(this.#held, write);
  }

  async #guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#report(error);
    } finally {
      this.#sink.cancel();
    }
  }

  #report(error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof LeaseLostError) {
      logger.warn(`${error.message}; nothing more of it is written`);
    } else {
      logger.error(
        `Attempt ${this.lease.attempt} of run '${this.lease.runId}' could not be brought to its end here; it will be when its lease is over`,
        error instanceof Error ? error : new Error(`${error}`),
      );
    }
  }
}
