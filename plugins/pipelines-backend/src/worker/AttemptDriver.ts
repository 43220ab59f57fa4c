import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineAttempt,
} from '@millrace/backstage-plugin-pipelines-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineDefinition } from '../definitions';
import type {
  AdoptedRun,
  ClaimedRun,
  EndCause,
  Renewal,
  RunQueue,
} from '../queue';
import { LeaseLostError, type AttemptRecorder, type Lease } from '../runs';
import { patiently, type HeldLease } from './patiently';
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
export interface AttemptDriverOptions {
  claimed: ClaimedRun;
  /** `performance.now()` just before the lease was asked for. */
  leasedAt: number;
  engine: Engine;
  definition: PipelineDefinition;
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
  #renewedAt: number;
  #execution: EngineAttempt | undefined;
  #ending: { force: boolean } | undefined;
  #cause: EndCause | undefined;
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
  }

  /** Executes the attempt; resolves when nothing of it is alive and its end is stored. */
  async execute(): Promise<void> {
    await this.#guarded(async () => {
      if (this.#ending) {
        await this.#store(() => this.#options.queue.release(this.lease));
        return;
      }
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

  async #start(): Promise<EngineAttempt | undefined> {
    const { engine, spawnWaitMs = DEFAULT_SPAWN_WAIT_MS } = this.#options;
    const starting = engine.start(this.#context());
    const waited = new AbortController();
    const tooLate = sleep(spawnWaitMs, undefined, { signal: waited.signal });
    try {
      this.#execution = await Promise.race([
        starting,
        tooLate.then(() => {
          throw new Error(`It did not start within ${spawnWaitMs} ms`);
        }),
      ]);
    } catch (error) {
      starting.then(
        late => late.cancel({ force: true }),
        () => {},
      );
      await this.#failStart(error);
      return undefined;
    } finally {
      waited.abort();
    }
    if (this.#ending) {
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
    } else {
      this.#cause = 'spawn';
      await this.#finish({ kind: 'failed', message });
    }
  }

  async #follow(execution: EngineAttempt): Promise<void> {
    const timer = this.#startTimeout();
    try {
      await this.#store(() =>
        this.#options.queue.markRunning(this.lease, execution.handle),
      );
    } catch (error) {
      this.#loseLease();
      throw error;
    } finally {
      await execution.end;
      clearTimeout(timer);
    }
    await this.#finish(await execution.end);
  }

  async #finish(end: AttemptEnd): Promise<void> {
    const { queue, logs, logger, cleanUp } = this.#options;
    const { runId, attempt } = this.lease;
    await this.#evenIf('progress', () => this.#sink.flush());
    await this.#evenIf('the notice of its timeout', () => this.#notice);
    await this.#evenIf('the end of its log', () =>
      this.#store(() => logs.finish(this.lease)),
    );
    const state = await this.#store(() =>
      queue.finish(this.lease, {
        end,
        cause: this.#cause,
        lastWords: this.#sink.lastWords,
      }),
    );
    logger.info(`Attempt ${attempt} of run '${runId}' ended: it is ${state}`);
    await this.#evenIf('its folder', () => cleanUp({ runId, attempt }));
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
    const { engine } = this.#options;
    if (!engine.recover) {
      return {
        kind: 'lost',
        message: `Its worker '${adopted.formerWorkerId}' is gone`,
      };
    }
    try {
      return await engine.recover({
        ...this.#context(),
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

  #context(): AttemptContext {
    const { claimed, definition, leasedAt } = this.#options;
    return {
      runId: this.lease.runId,
      attempt: this.lease.attempt,
      idempotencyKey: this.lease.runId,
      definition: definition.engineDefinition,
      parameters: claimed.parameters,
      sink: this.#sink,
      leasedAt,
    };
  }

  #startTimeout(): NodeJS.Timeout | undefined {
    const { definition, recorder } = this.#options;
    const { timeoutMs } = definition;
    if (timeoutMs === undefined) {
      return undefined;
    }
    return setTimeout(() => {
      this.#end({ force: false }, 'timeout');
      this.#notice = this.#store(() =>
        recorder.recordEvent({
          kind: 'warning',
          name: 'timeout',
          reason: `It takes longer than the ${
            timeoutMs / 1_000
          } s that it may, so it is ended`,
        }),
      );
      this.#notice.catch(() => {});
    }, timeoutMs);
  }

  #end(options: { force: boolean }, cause?: EndCause): void {
    if (this.#ending && (this.#ending.force || !options.force)) {
      return;
    }
    if (!this.#ending) {
      this.#cause = cause;
    }
    this.#ending = options;
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
