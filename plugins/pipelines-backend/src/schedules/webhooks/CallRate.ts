/** Calls that one trigger takes in a minute, in each backend process. */
export const MAX_CALLS_PER_MINUTE = 120;

const WINDOW_MS = 60_000;

/** Counts the calls of triggers, minute by minute. */
export class CallRate {
  readonly #windows = new Map<string, { since: number; calls: number }>();

  /**
   * Counts a call.
   *
   * @param triggerId - one of those that are configured
   * @returns in how many seconds to come again; undefined when it is not too much
   */
  count(triggerId: string): number | undefined {
    const now = performance.now();
    const window = this.#windows.get(triggerId);
    if (!window || now - window.since >= WINDOW_MS) {
      this.#windows.set(triggerId, { since: now, calls: 1 });
      return undefined;
    }
    window.calls += 1;
    return window.calls > MAX_CALLS_PER_MINUTE
      ? Math.ceil((window.since + WINDOW_MS - now) / 1_000)
      : undefined;
  }
}
