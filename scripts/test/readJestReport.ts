import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/paths.ts';
import type { StageResult } from './StageResult.ts';

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: JestFileResult[];
}

interface JestFileResult {
  name: string;
  status: string;
  assertionResults: Array<{ fullName: string; status: string }>;
}

/**
 * Counts the test cases in what `jest --json` wrote. A file that could not be
 * run counts as one failed case, a missing report as well.
 */
export function readJestReport(file: string): StageResult {
  if (!fs.existsSync(file)) {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['jest ended without a report'],
    };
  }
  const report: JestReport = JSON.parse(fs.readFileSync(file, 'utf8'));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' &&
      !assertionResults.some(test => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failedFiles: report.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name }) => shorten(name)),
    failures: [
      ...brokenFiles.map(({ name }) => `${shorten(name)} (could not be run)`),
      ...report.testResults.flatMap(failuresOf),
    ],
  };
}

function failuresOf({ name, assertionResults }: JestFileResult): string[] {
  return assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status }) => {
      const mark = status === 'failed' ? '' : ` (${status})`;
      return `${shorten(name)}: ${fullName}${mark}`;
    });
}

function shorten(file: string): string {
  return path.relative(ROOT, file);
}
