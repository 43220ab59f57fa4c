import { formatDuration } from '../lib/progress.mjs';
import { runCommand } from '../lib/runCommand.ts';
import { mergeResults, type StageResult } from './StageResult.ts';

const SHOWN_LINES = 60;

/** A command that is right when it exits with 0; it counts as one test case. */
export interface Check {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs checks in lanes: one after the other within a lane, the lanes beside each
 * other. Their output is shown only when they fail.
 */
export async function runChecks(lanes: Check[][]): Promise<StageResult> {
  const results = await Promise.all(
    lanes.map(async lane => {
      const ofLane: StageResult[] = [];
      for (const check of lane) {
        ofLane.push(await runCheck(check));
      }
      return mergeResults(ofLane);
    }),
  );
  return mergeResults(results);
}

async function runCheck(check: Check): Promise<StageResult> {
  const startedAt = performance.now();
  const elapsed = () => formatDuration(performance.now() - startedAt);
  const { code, output } = await runCommand({
    ...check,
    env: { ...process.env, ...check.env },
    onSilence: () => console.log(`  … ${check.name} ${elapsed()}`),
  });
  console.log(`  ${code === 0 ? '✔' : '✘'} ${check.name} (${elapsed()})`);
  if (code === 0) {
    return { passed: 1, failed: 0, skipped: 0, failures: [] };
  }
  console.log(output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'));
  return { passed: 0, failed: 1, skipped: 0, failures: [check.name] };
}
