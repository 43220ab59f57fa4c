import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../lib/paths.ts';
import { formatDuration } from '../lib/progress.mjs';
import { runCommand } from '../lib/runCommand.ts';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { withSecondTry, type StageResult } from './StageResult.ts';

const FILE_TIMEOUT_MS = 15 * 60_000; // What hangs must not hang the whole command.

interface TestCase {
  name: string;
  file?: string;
  outcome: 'passed' | 'failed' | 'skipped';
}

/** Which tests of node:test to run. */
export interface NodeTestsOptions {
  /** Inside the checkout, such as `tests/faults/*.test.ts`. */
  patterns: string[];
  env?: NodeJS.ProcessEnv;
  /** Test files at a time; default 1, as each starts a portal of its own. */
  concurrency?: number;
  /** Where the lines of the runner go; default: the terminal. */
  print?: (line: string) => void;
}

/** Runs tests of node:test and counts their cases; the few files that fail, a second time alone. */
export async function runNodeTests(
  options: NodeTestsOptions,
): Promise<StageResult> {
  return withSecondTry(await runOnce(options), files => {
    options.print?.('  once more, alone:');
    return runOnce({ ...options, patterns: files, concurrency: 1 });
  });
}

async function runOnce(options: NodeTestsOptions): Promise<StageResult> {
  const print = options.print ?? (line => console.log(line));
  const folder = makeTemporaryFolder('report');
  const report = path.join(folder.path, 'report.jsonl');
  const { code } = await runCommand({
    command: process.execPath,
    args: [
      '--test',
      `--test-concurrency=${options.concurrency ?? 1}`,
      `--test-timeout=${FILE_TIMEOUT_MS}`,
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      `--test-reporter=${inRoot('scripts/test/countReporter.mjs')}`,
      `--test-reporter-destination=${report}`,
      ...options.patterns,
    ],
    cwd: inRoot(),
    env: { ...process.env, ...options.env },
    onLine: line => print(`  ${line}`),
    onSilence: elapsed => print(`  … ${formatDuration(elapsed)}`),
  });
  const cases = readReport(report);
  folder.remove();
  return countCases(cases, code);
}

function readReport(file: string): TestCase[] {
  if (!fs.existsSync(file)) {
    return [];
  }
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

function countCases(cases: TestCase[], exitCode: number): StageResult {
  const count = (outcome: TestCase['outcome']) =>
    cases.filter(test => test.outcome === outcome).length;
  const failures = cases
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, file, outcome }) => `${file}: ${name} (${outcome})`);
  // A runner that ends with an error without a failed case must not look green.
  const endedBadly = exitCode !== 0 && failures.length === 0;
  const failedFiles = cases.flatMap(({ outcome, file }) =>
    outcome === 'failed' && file ? [file] : [],
  );
  return {
    passed: count('passed'),
    failed: count('failed') + (endedBadly ? 1 : 0),
    skipped: count('skipped'),
    failedFiles: [...new Set(failedFiles)],
    failures: endedBadly
      ? [`node --test ended with exit code ${exitCode}`]
      : failures,
  };
}
