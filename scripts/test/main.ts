import { printFailure } from '../lib/failure.mjs';
import { formatDuration } from '../lib/progress.mjs';
import { createShutdown } from '../lib/shutdown.ts';
import { readTestOptions, type TestOptions } from './options.mjs';
import { mergeResults, type StageResult } from './StageResult.ts';
import { INSTALL_LIMIT_MINUTES, STAGES, type StageName } from './stages.ts';

const MS_PER_MINUTE = 60_000;
const INTOLERABLE_FACTOR = 3; // Machines are noisy; this is not noise any more.
const FULL_FACTOR = 20; // The long forms have no limit of their own.

const summary: string[] = [];

async function runStages(options: TestOptions): Promise<StageResult> {
  const results: StageResult[] = [];
  reportInstall();
  for (const name of options.stages) {
    const result = await runStage(name, options);
    results.push(result);
    if (result.failed > 0 && !options.keepGoing) {
      break;
    }
  }
  return mergeResults(results);
}

/** The packages are there, or we would not run; only the time is to be told. */
function reportInstall(): void {
  const elapsed = Number(process.env.MILLRACE_INSTALL_MS ?? 0);
  const isOver = elapsed > INSTALL_LIMIT_MINUTES * MS_PER_MINUTE;
  announce(
    `✔ install  ${formatDuration(elapsed).padStart(
      12,
    )} of ${INSTALL_LIMIT_MINUTES} min${isOver ? '   OVER ITS LIMIT' : ''}`,
  );
}

async function runStage(
  name: StageName,
  options: TestOptions,
): Promise<StageResult> {
  console.log(`\n▸ ${name}`);
  const startedAt = performance.now();
  const result = await STAGES[name].run(options).catch(error => {
    printFailure(error, line => console.log(line));
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: [`${name}: ${error}`],
    };
  });
  const limit = STAGES[name].limitMinutes * (options.full ? FULL_FACTOR : 1);
  return judge(name, performance.now() - startedAt, limit, result);
}

/** Counts what must not be: skipped tests, a stage without tests, far too long. */
function judge(
  name: string,
  elapsedMs: number,
  limitMinutes: number,
  found: StageResult,
): StageResult {
  const limitMs = limitMinutes * MS_PER_MINUTE;
  const problems: string[] = [];
  if (found.passed + found.failed + found.skipped === 0) {
    problems.push(`${name}: no test was run`);
  }
  if (elapsedMs > INTOLERABLE_FACTOR * limitMs) {
    problems.push(`${name}: took over ${INTOLERABLE_FACTOR} times its limit`);
  }
  const result: StageResult = {
    passed: found.passed,
    failed: found.failed + found.skipped + problems.length,
    skipped: 0,
    failures: [...found.failures, ...problems],
    flaky: found.flaky,
  };
  announce(
    [
      result.failed === 0 ? '✔' : '✘',
      name.padEnd(8),
      formatDuration(elapsedMs).padStart(12),
      `of ${limitMinutes} min  `,
      `${result.passed} passed, ${result.failed} failed`,
      ...(elapsedMs > limitMs ? ['  OVER ITS LIMIT'] : []),
    ].join(' '),
  );
  return result;
}

function announce(line: string): void {
  summary.push(line);
  console.log(line);
}

process.stdout.on('error', () => {});
const shutdown = createShutdown(line => console.log(line));
const result = await runStages(readTestOptions(process.argv.slice(2)));

console.log(`\n${summary.join('\n')}`);
if (result.flaky?.length) {
  console.log(
    `\nPassed only on the second try, alone:\n${result.flaky
      .map(name => `  ${name}`)
      .join('\n')}`,
  );
}
if (result.failures.length > 0) {
  console.log(
    `\nFailed:\n${result.failures.map(name => `  ${name}`).join('\n')}`,
  );
}
console.log(`\n${result.passed} passed, ${result.failed} failed`);
await shutdown.exit(result.failed > 0 ? 1 : 0);
