import path from 'node:path';
import { spawn } from 'node:child_process';
import {
  loadCredentials,
  writeCronToken,
  writeWebhookSecret,
} from '../lib/credentials.ts';
import {
  makeInbox,
  openDataDirectory,
  resetDataDirectory,
} from '../lib/dataDirectory.ts';
import type { Databases } from '../lib/databases.ts';
import { printFailure } from '../lib/failure.mjs';
import { lockInstance } from '../lib/instanceLock.ts';
import { DEFAULT_DATA_DIRECTORY } from '../lib/paths.ts';
import { requireFreePort } from '../lib/ports.ts';
import { portalEnvironment } from '../lib/portalEnvironment.ts';
import { releaseDataDirectory } from '../lib/postgresDirectory.ts';
import { formatDuration, step } from '../lib/progress.mjs';
import { createShutdown, type Shutdown } from '../lib/shutdown.ts';
import { seedDemo } from '../seed/demo.ts';
import { openDatabase, postgresDirectory } from './database.ts';
import { readStartOptions, type StartOptions } from './options.mjs';
import { startPortal } from './portal.ts';

async function start(options: StartOptions, shutdown: Shutdown) {
  const dataDirectory = path.resolve(
    process.env.MILLRACE_DATA_DIR ?? DEFAULT_DATA_DIRECTORY,
  );
  openDataDirectory(dataDirectory);
  shutdown.add(await lockInstance(dataDirectory));
  await requireFreePort(options.port);
  if (options.reset) {
    await reset(dataDirectory);
  }
  const credentials = loadCredentials(dataDirectory);
  writeCronToken(dataDirectory, credentials);
  writeWebhookSecret(dataDirectory, credentials);
  if (options.demo) {
    makeInbox(dataDirectory);
  }
  const databases = await step<Databases>('database', say =>
    openDatabase({ dataDirectory, credentials, shutdown, say }),
  );
  databases.warnings.forEach(warning => console.log(`  ! ${warning}`));

  const url = await startPortal({
    options,
    dataDirectory,
    shutdown,
    env: portalEnvironment({
      databases,
      credentials,
      dataDirectory,
      port: options.port,
    }),
  });
  const startedAt = Number(process.env.MILLRACE_STARTED_AT ?? Date.now());
  console.log(
    `\n  Millrace is ready after ${formatDuration(
      Date.now() - startedAt,
    )}: ${url}   (Ctrl-C stops it)\n`,
  );
  if (options.open) {
    openBrowser(url);
  }
  if (options.demo) {
    await seedDemo({ port: options.port, dataDirectory, databases });
  }
}

async function reset(dataDirectory: string): Promise<void> {
  await step('reset', async say => {
    await releaseDataDirectory(postgresDirectory(dataDirectory));
    const names = resetDataDirectory(dataDirectory);
    const what = names.length > 0 ? names.join(', ') : 'nothing, it is empty';
    say(`deleted from ${dataDirectory}: ${what}`);
  });
  if (process.env.DATABASE_URL) {
    console.log('  ! --reset leaves the server of DATABASE_URL as it is.');
  }
}

function openBrowser(url: string): void {
  const [command, ...args] = {
    darwin: ['open'],
    win32: ['cmd', '/c', 'start', ''],
  }[process.platform as string] ?? ['xdg-open'];
  spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => console.log(`  Open ${url} in your browser.`))
    .unref();
}

// A terminal that was closed takes no more lines; stopping goes on without it.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const shutdown = createShutdown(line => console.log(line));
process.on('uncaughtException', error => {
  printFailure(error);
  shutdown.exit(1);
});

try {
  await start(readStartOptions(process.argv.slice(2)), shutdown);
} catch (error) {
  if (!shutdown.isExiting()) {
    printFailure(error);
  }
  await shutdown.exit(1);
}
