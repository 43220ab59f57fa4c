import type { LoggerService } from '@backstage/backend-plugin-api';
import { Shim } from './Shim';

/** Spawning a shim costs CPU time that the run which has just started needs more. */
const REFILL_DELAY_MS = 100;

/** Keeps shims waiting, so that a run does not wait for one to start. */
export class ShimPool {
  static create(options: {
    /** Shims that wait, as it holds now; 0 starts each when it is needed. */
    size: () => number;
    workRoot: string;
    environment: NodeJS.ProcessEnv;
    logger: LoggerService;
  }): ShimPool {
    const pool = new ShimPool(options);
    pool.#refill();
    return pool;
  }

  readonly #idle: Promise<Shim>[] = [];
  #refillTimer?: NodeJS.Timeout;
  #isStopped = false;

  private constructor(
    private readonly options: {
      size: () => number;
      workRoot: string;
      environment: NodeJS.ProcessEnv;
      logger: LoggerService;
    },
  ) {}

  /**
   * Hands out a shim that can take an order.
   *
   * @throws Error with a sentence when none can be started
   */
  async take(): Promise<Shim> {
    this.#refillLater();
    for (;;) {
      const waiting = this.#idle.shift();
      // One that waits may have died meanwhile; a new one says why it cannot be started.
      const shim = await (waiting?.catch(() => undefined) ?? this.#spawn());
      if (shim && !shim.isClosed) {
        shim.hold();
        return shim;
      }
    }
  }

  /** Ends the shims that wait. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#refillTimer);
    for (const waiting of this.#idle.splice(0)) {
      await waiting.then(
        shim => shim.end(),
        () => {},
      );
    }
  }

  async #spawn(): Promise<Shim> {
    try {
      const shim = await Shim.spawn(this.options);
      await shim.ready;
      return shim;
    } catch (error) {
      throw new Error(
        `No process can be started to watch over the run (${
          error instanceof Error ? error.message : error
        }); look at the limits of this worker's host`,
        { cause: error },
      );
    }
  }

  #refillLater(): void {
    clearTimeout(this.#refillTimer);
    if (!this.#isStopped) {
      this.#refillTimer = setTimeout(() => this.#refill(), REFILL_DELAY_MS);
      this.#refillTimer.unref();
    }
  }

  /** Brings the number of shims that wait to what it should be. */
  #refill(): void {
    const size = this.options.size();
    for (const surplus of this.#idle.splice(size)) {
      surplus.then(
        shim => shim.end(),
        () => {},
      );
    }
    while (!this.#isStopped && this.#idle.length < size) {
      const waiting = this.#spawn();
      waiting.catch(error => this.options.logger.warn(error.message));
      this.#idle.push(waiting);
    }
  }
}
