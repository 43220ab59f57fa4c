import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Reporter } from './src/Reporter.ts';
import { readConfig } from './src/config.ts';
import { UsageError, messageOf } from './src/errors.ts';
import { type RunResult, runPipeline } from './src/runPipeline.ts';

const EXIT_CODES: Record<RunResult, number> = {
  success: 0,
  failed: 1,
  partial: 2,
  interrupted: 143, // As a shell reports SIGTERM
};
const USAGE_EXIT_CODE = 64;

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => stop.abort());
  }
  try {
    const config = await readConfig(process.argv.slice(2), process.env);
    const write = (line: string) => process.stdout.write(`${line}\n`);
    const result = await runPipeline({
      config,
      reporter: new Reporter(write, config.runId !== undefined),
      signal: stop.signal,
      migrationsFolder: join(import.meta.dirname, 'migrations'),
    });
    return EXIT_CODES[result];
  } catch (error) {
    // Only the message: the error of a driver may carry the connection's address
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof UsageError ? USAGE_EXIT_CODE : EXIT_CODES.failed;
  }
}

// The garbage of a big file comes and goes at once; V8 would let the space for it
// grow to a hundred megabytes, for a speed that nobody notices behind the database
setFlagsFromString('--semi-space-growth-factor=1');

main().then(code => {
  process.exitCode = code;
});
