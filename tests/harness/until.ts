const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_POLL_MS = 50;

/** What is left of a type when it is known to be truthy. */
export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** How to wait, see `until`. */
export interface UntilOptions {
  /** What is waited for, as the end of "waited for …". */
  what: string;
  /** Default 30 s. */
  timeoutMs?: number;
  /** Default 50 ms. */
  pollMs?: number;
}

/**
 * Asks again and again until the answer is truthy, and gives that answer.
 *
 * @throws an error that says what was waited for, and how the last try failed
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions,
): Promise<Truthy<T>> {
  const { what, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (answer) {
        return answer as Truthy<T>;
      }
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) {
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`Waited ${timeoutMs} ms for ${what}${why}`, { cause });
    }
    await new Promise(resolve =>
      setTimeout(resolve, options.pollMs ?? DEFAULT_POLL_MS),
    );
  }
}
