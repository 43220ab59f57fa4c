/** What a stage found, in test cases. */
export interface StageResult {
  passed: number;
  failed: number;
  /** Not run although they exist; each counts as failed. */
  skipped: number;
  /** Names of what failed, with words that help. */
  failures: string[];
}

/** Adds up several results. */
export function mergeResults(results: StageResult[]): StageResult {
  return results.reduce(
    (sum, result) => ({
      passed: sum.passed + result.passed,
      failed: sum.failed + result.failed,
      skipped: sum.skipped + result.skipped,
      failures: [...sum.failures, ...result.failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] },
  );
}
