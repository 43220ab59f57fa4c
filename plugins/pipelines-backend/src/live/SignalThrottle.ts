/**
 * Calls at most once per interval: the first time at once, and once more at the end of the
 * interval when there were others, so that the last one is never swallowed.
 */
export class SignalThrottle {
  readonly #call: () => void;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #again = false;

  constructor(options: { call: () => void; intervalMs: number }) {
    this.#call = options.call;
    this.#intervalMs = options.intervalMs;
  }

  trigger(): void {
    if (this.#timer) {
      this.#again = true;
      return;
    }
    this.#call();
    this.#timer = setTimeout(() => this.#endInterval(), this.#intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
  }

  #endInterval(): void {
    this.#timer = undefined;
    if (this.#again) {
      this.#again = false;
      this.trigger();
    }
  }
}
