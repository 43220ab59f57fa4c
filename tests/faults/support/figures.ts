import type { TestContext } from 'node:test';

/** Whether the long forms are wanted, see `npm test -- --full`. */
export const IS_FULL = Boolean(process.env.MILLRACE_TEST_FULL);

/** Prints a measured figure of a test, for docs/benchmarks.md. */
export function report(t: TestContext, name: string, value: unknown): void {
  t.diagnostic(`figure: ${name}: ${value}`);
}

/**
 * Prints median and greatest of measured times, and gives the median: what else a
 * machine has to do may make single ones long.
 */
export function reportTimes(
  t: TestContext,
  name: string,
  times: number[],
): number {
  const sorted = [...times].sort((a, b) => a - b).map(Math.round);
  const median = sorted[Math.floor(sorted.length / 2)];
  report(
    t,
    name,
    `p50 ${median} ms, max ${sorted.at(-1)} ms, n ${sorted.length}`,
  );
  return median;
}
