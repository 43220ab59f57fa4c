/**
 * Does something at once when it is asked for, then at most once per interval, and once more
 * after the last time it was asked for.
 */
export class Throttle {
  readonly #action: () => Promise<void>;
  readonly #everyMs: number;
  #isWanted = false;
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: { everyMs: number; action: () => Promise<void> }) {
    this.#action = options.action;
    this.#everyMs = options.everyMs;
  }

  /** Resolves when it is done, or at once where it is put off; rejects as the action does. */
  async request(): Promise<void> {
    this.#isWanted = true;
    const waitMs = this.#last + this.#everyMs - performance.now();
    if (waitMs <= 0 && !this.#running) {
      await this.#run();
      return;
    }
    this.#timer ??= setTimeout(() => {
      // Whoever asks next, or flushes, is told of an error.
      this.flush().catch(() => {});
    }, Math.max(waitMs, 1));
  }

  /** Does now what was put off. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running?.catch(() => {});
    if (this.#isWanted) {
      await this.#run();
    }
  }

  /** Forgets what was put off. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#isWanted = false;
  }

  async #run(): Promise<void> {
    this.#isWanted = false;
    this.#last = performance.now();
    this.#running = this.#action();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
  }
}
