// @ts-check
const { monotonicMs } = require('./protocol');

/**
 * Watches the age of the lease with the shim's own clock, so that a worker that is frozen or
 * cut off cannot keep its child alive past the lease.
 */
class Deadline {
  /** @type {NodeJS.Timeout | undefined} */
  #term;
  /** @type {NodeJS.Timeout | undefined} */
  #kill;
  #killAt = 0;

  /**
   * @param {{ termMs: number, killMs: number, onTerm(): void, onKill(): void }} options
   *   both times count from the last renewal
   */
  constructor(options) {
    this.options = options;
  }

  /** @param {number} at monotonic ms of the renewal */
  renew(at) {
    const { termMs, killMs, onTerm, onKill } = this.options;
    if (at + killMs <= this.#killAt) {
      return;
    }
    this.stop();
    const now = monotonicMs();
    this.#killAt = at + killMs;
    this.#term = setTimeout(onTerm, Math.max(0, at + termMs - now));
    this.#kill = setTimeout(onKill, Math.max(0, this.#killAt - now));
  }

  /** @returns {number} ms until the forced end */
  leftMs() {
    return Math.max(0, this.#killAt - monotonicMs());
  }

  stop() {
    clearTimeout(this.#term);
    clearTimeout(this.#kill);
  }
}

module.exports = { Deadline };
