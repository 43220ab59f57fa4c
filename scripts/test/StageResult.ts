/** What a stage found, in test cases. */
export interface StageResult {
  passed: number;
  failed: number;
  /** Not run although they exist; each counts as failed. */
  skipped: number;
  /** Names of what failed, with words that help. */
  failures: string[];
  /** Files in the checkout with failed cases; absent where a second try could tell nothing new. */
  failedFiles?: string[];
  /** Names of what passed only on its second try. */
  flaky?: string[];
}

/** More files than this do not fail by chance. */
const MAX_SECOND_TRIES = 3;

/** Adds up several results. */
export function mergeResults(results: StageResult[]): StageResult {
  return results.reduce(
    (sum, result) => ({
      passed: sum.passed + result.passed,
      failed: sum.failed + result.failed,
      skipped: sum.skipped + result.skipped,
      failures: [...sum.failures, ...result.failures],
      flaky: [...(sum.flaky ?? []), ...(result.flaky ?? [])],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] },
  );
}

/**
 * Runs the few files that failed once more, alone.
 *
 * @remarks
 * A case that passes then is counted as passed and named as flaky, so that a slow machine does
 * not stop a landing and nobody overlooks it either. What fails twice has failed.
 */
export async function withSecondTry(
  first: StageResult,
  rerun: (files: string[]) => Promise<StageResult>,
): Promise<StageResult> {
  const files = first.failedFiles ?? [];
  if (files.length === 0 || files.length > MAX_SECOND_TRIES) {
    return first;
  }
  const second = await rerun(files);
  const isTriedAgain = (name: string) =>
    files.some(file => name.startsWith(file));
  return {
    ...first,
    passed: first.passed + first.failed - second.failed,
    failed: second.failed,
    failures: [
      ...first.failures.filter(name => !isTriedAgain(name)),
      ...second.failures,
    ],
    flaky: first.failures.filter(
      name => isTriedAgain(name) && !second.failures.includes(name),
    ),
  };
}
