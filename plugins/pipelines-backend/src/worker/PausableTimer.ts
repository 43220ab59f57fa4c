/** Rings once when it has run for a time; while it is held, time does not pass for it. */
export class PausableTimer {
  #leftMs: number;
  #runsSince = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms - at most 24 days, as far as timers of Node count */
  constructor(
    private readonly ms: number,
    private readonly onRing: () => void,
  ) {
    this.#leftMs = ms;
  }

  /** Begins to run, or goes on. */
  run(): void {
    if (!this.#timer) {
      this.#runsSince = performance.now();
      this.#timer = setTimeout(this.onRing, Math.max(0, this.#leftMs));
    }
  }

  /** Stands still until it runs again. */
  hold(): void {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#leftMs -= performance.now() - this.#runsSince;
    }
  }

  /** Has the whole time before it again, running or held as it was. */
  reset(): void {
    const isRunning = this.#timer !== undefined;
    this.hold();
    this.#leftMs = this.ms;
    if (isRunning) {
      this.run();
    }
  }
}
