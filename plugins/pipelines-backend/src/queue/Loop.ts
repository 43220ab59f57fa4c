import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_BACK_OFF_MS = 200;
const DEFAULT_MAX_BACK_OFF_MS = 5_000;

/**
 * Does something again and again until it is stopped, whatever goes wrong on the way.
 *
 * @remarks
 * Between two rounds it waits for a random time within the given bounds, or until it is woken.
 * Being woken during a round makes one more round follow at once. After an error it waits
 * longer with each further error, and being woken does not shorten that: a database that is
 * down is not asked more often.
 */
export class Loop {
  readonly #round: () => Promise<void>;
  readonly #waitMs: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #maxBackOffMs: number;
  #stopped = false;
  #errors = 0;
  #isWoken = false;
  #wait: AbortController | undefined;
  #running: Promise<void> | undefined;

  constructor(options: {
    round: () => Promise<void>;
    /** Least and most time between two rounds. */
    everyMs: readonly [number, number];
    onError: (error: unknown) => void;
    /** Longest wait after errors; default 5 s. */
    maxBackOffMs?: number;
  }) {
    const [least, most] = options.everyMs;
    this.#round = options.round;
    this.#waitMs = () => least + Math.random() * (most - least);
    this.#onError = options.onError;
    this.#maxBackOffMs = options.maxBackOffMs ?? DEFAULT_MAX_BACK_OFF_MS;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins the next round now. */
  wake(): void {
    this.#isWoken = true;
    if (this.#errors === 0) {
      this.#wait?.abort();
    }
  }

  /** Begins no further round; resolves when the present one is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wait?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#isWoken = false;
      try {
        await this.#round();
        this.#errors = 0;
      } catch (error) {
        this.#errors += 1;
        this.#onError(error);
      }
      if (!this.#stopped && (this.#errors > 0 || !this.#isWoken)) {
        await this.#pause();
      }
    }
  }

  async #pause(): Promise<void> {
    const backOffMs = FIRST_BACK_OFF_MS * 2 ** Math.min(this.#errors, 10);
    this.#wait = new AbortController();
    await sleep(
      this.#errors > 0
        ? Math.min(backOffMs, this.#maxBackOffMs)
        : this.#waitMs(),
      undefined,
      { signal: this.#wait.signal },
    ).catch(() => {});
    this.#wait = undefined;
  }
}
