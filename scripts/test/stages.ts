import { runBuildStage } from './buildStage.ts';
import { runNodeTests } from './nodeTests.ts';
import type { STAGE_NAMES, TestOptions } from './options.mjs';
import type { StageResult } from './StageResult.ts';
import { runStaticStage } from './staticStage.ts';
import { runTestsStage } from './testsStage.ts';

/** The name of a stage, as `--only` takes it. */
export type StageName = (typeof STAGE_NAMES)[number];

/** One stage of `npm test`. */
export interface Stage {
  /** Minutes that it may take on two cores. */
  limitMinutes: number;
  run(options: TestOptions): Promise<StageResult>;
}

/** Minutes that bringing the toolchain and the packages may take. */
export const INSTALL_LIMIT_MINUTES = 3;

/** What each stage does and how long it may take. */
export const STAGES: Record<StageName, Stage> = {
  static: { limitMinutes: 3, run: runStaticStage },
  tests: { limitMinutes: 8, run: runTestsStage },
  build: { limitMinutes: 1, run: runBuildStage },
  browser: {
    limitMinutes: 7,
    run: options =>
      runNodeTests({
        patterns: ['tests/browser/*.test.ts'],
        env: testEnvironment(options),
        concurrency: 2, // A portal that starts keeps one processor busy, and most waiting is for it.
      }),
  },
  faults: {
    limitMinutes: 3,
    run: options =>
      runNodeTests({
        // What needs minutes, several machines or a database that is down is in `long`.
        patterns: [
          'tests/faults/*.test.ts',
          ...(options.full ? ['tests/faults/long/*.test.ts'] : []),
        ],
        env: testEnvironment(options),
        // Each has a Postgres of its own, and most of them mostly wait.
        concurrency: 4,
      }),
  },
};

/** Tests look at `MILLRACE_TEST_FULL` to know whether the long form is wanted. */
function testEnvironment(options: TestOptions): NodeJS.ProcessEnv {
  return { MILLRACE_TEST_FULL: options.full ? '1' : '' };
}
