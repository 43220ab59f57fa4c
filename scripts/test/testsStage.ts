import path from 'node:path';
import { createCredentials } from '../lib/credentials.ts';
import { inRoot } from '../lib/paths.ts';
import { startPostgresServer } from '../lib/postgres.ts';
import { formatDuration } from '../lib/progress.mjs';
import { runCommand } from '../lib/runCommand.ts';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { runNodeTests } from './nodeTests.ts';
import { readJestReport } from './readJestReport.ts';
import {
  mergeResults,
  withSecondTry,
  type StageResult,
} from './StageResult.ts';

/** Unit and integration tests on an embedded PostgreSQL, in a temporary folder. */
export async function runTestsStage(): Promise<StageResult> {
  const folder = makeTemporaryFolder('tests');
  const server = await startPostgresServer({
    directory: path.join(folder.path, 'postgres'),
    password: createCredentials().postgres,
    durable: false,
  });
  try {
    const env = {
      BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: server.url,
      BACKSTAGE_TEST_DISABLE_DOCKER: '1',
      MILLRACE_TEST_POSTGRES_URL: server.url,
    };
    const report = path.join(folder.path, 'jest.json');
    return mergeResults([
      await withSecondTry(await runJest({ report, env }), files =>
        runJest({ report, env, files }),
      ),
      await runNodeTests({
        patterns: ['scripts/**/*.test.ts', 'tests/house/*.test.ts'],
        env,
      }),
    ]);
  } finally {
    await server.stop();
    folder.remove();
  }
}

async function runJest(options: {
  /** Where jest writes what it found. */
  report: string;
  env: NodeJS.ProcessEnv;
  /** Only these; default all. */
  files?: readonly string[];
}): Promise<StageResult> {
  const { report, env, files = [] } = options;
  await runCommand({
    command: process.execPath,
    args: [
      inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
      ...['repo', 'test', '--watchAll=false', '--coverage=false'],
      ...['--json', `--outputFile=${report}`],
      ...(files.length > 0 ? ['--runInBand', ...files] : []),
    ],
    cwd: inRoot(),
    env: { ...process.env, ...env, CI: '1', FORCE_COLOR: '0' },
    onLine: line => console.log(`  ${line}`),
    onSilence: elapsed => console.log(`  … ${formatDuration(elapsed)}`),
  });
  return readJestReport(report);
}
