// @ts-check
import { say } from './say.mjs';

/** @typedef {import('./Portal.mjs').Portal} Portal */

const PAGE_LINES = 2_000;

/** Prints the log of a run, each line once. */
export class LogPrinter {
  #portal;
  #runId;
  #attempt = 0;
  #line = 0;

  /**
   * @param {Portal} portal
   * @param {string} runId
   */
  constructor(portal, runId) {
    this.#portal = portal;
    this.#runId = runId;
  }

  /**
   * Prints what is there and was not printed, up to the end of this attempt.
   *
   * @param {number} latest
   */
  async print(latest) {
    while (this.#attempt < latest) {
      if (this.#attempt > 0) {
        await this.#printAttempt();
        say(`Attempt ${this.#attempt + 1}`);
      }
      this.#attempt += 1;
      this.#line = 0;
    }
    if (this.#attempt > 0) {
      await this.#printAttempt();
    }
  }

  async #printAttempt() {
    for (;;) {
      const { lines } = await this.#portal.get(
        `/runs/${this.#runId}/logs?attempt=${this.#attempt}&cursor=${
          this.#line
        }&direction=forward&limit=${PAGE_LINES}`,
      );
      for (const { number, stream, text } of lines) {
        process[/** @type {'stdout' | 'stderr'} */ (stream)].write(`${text}\n`);
        this.#line = number + 1;
      }
      if (lines.length === 0) {
        return;
      }
    }
  }
}
