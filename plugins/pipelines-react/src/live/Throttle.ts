/**
 * Lets a call through at most once per interval: the first at once, the last of a burst at the
 * end of the interval, so that no change is left unseen.
 *
 * @internal
 */
export class Throttle {
  readonly #run: () => void;
  readonly #intervalMs: number;
  #lastRunAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: { run: () => void; intervalMs: number }) {
    this.#run = options.run;
    this.#intervalMs = options.intervalMs;
  }

  call(): void {
    if (this.#timer !== undefined) {
      return;
    }
    const waitMs = this.#lastRunAt + this.#intervalMs - Date.now();
    if (waitMs <= 0) {
      this.#fire();
    } else {
      this.#timer = setTimeout(() => this.#fire(), waitMs);
    }
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fire(): void {
    this.#timer = undefined;
    this.#lastRunAt = Date.now();
    this.#run();
  }
}
