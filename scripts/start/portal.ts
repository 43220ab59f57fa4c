import fs from 'node:fs';
import path from 'node:path';
import { ensureAppBundle } from '../lib/appBundle.ts';
import {
  readableLogLine,
  startBackend,
  waitUntilReady,
} from '../lib/backend.ts';
import { Failure } from '../lib/failure.mjs';
import { inRoot } from '../lib/paths.ts';
import { signInAs } from '../lib/portalApi.ts';
import { isPortFree, requireFreePort } from '../lib/ports.ts';
import {
  killGroup,
  type ManagedProcess,
  startProcess,
} from '../lib/processes.ts';
import { step } from '../lib/progress.mjs';
import type { Shutdown } from '../lib/shutdown.ts';
import { findTaggedProcesses } from '../lib/taggedProcesses.ts';
import type { StartOptions } from './options.mjs';

const STOP_GRACE_MS = 30_000; // Longer than the stop grace of the demo's runs.
const RUNS_GRACE_MS = 20_000;
const POLL_MS = 100;
const DEV_APP_PORT = 3000;
const DEV_READY_TIMEOUT_MS = 180_000;

/** What `startPortal` needs to know. */
export interface PortalOptions {
  options: StartOptions;
  dataDirectory: string;
  env: Record<string, string>;
  shutdown: Shutdown;
}

/** Starts the portal, built or with hot reload, and gives its URL when it is ready. */
export async function startPortal(portal: PortalOptions): Promise<string> {
  await requireFreePort(portal.options.port);
  return portal.options.dev
    ? await startWithHotReload(portal)
    : await startBuilt(portal);
}

async function startBuilt(portal: PortalOptions): Promise<string> {
  const { options, dataDirectory, env, shutdown } = portal;
  await step('app bundle', ensureAppBundle);
  const logFile = path.join(dataDirectory, 'logs/portal.log');
  keepPreviousLog(logFile);
  await step('portal', async say => {
    let isReady = false; // What plugins say while others still start is in the file.
    const backend = await startBackend({
      port: options.port,
      configFiles: configFiles(options.demo),
      env: { ...process.env, ...env },
      logFile,
      onLine: line => showLogLine(line, { ...options, isReady }),
    });
    shutdown.add(hurry => stopPortal(backend, dataDirectory, hurry));
    await waitUntilReady(backend, options.port);
    if (options.demo) {
      say('waiting for the demo users');
      await signInAs(`http://127.0.0.1:${options.port}`);
    }
    isReady = true;
    exitWhenItEnds(backend, logFile, shutdown);
    say(`log in ${path.relative(process.cwd(), logFile)}`);
  });
  return `http://localhost:${options.port}`;
}

async function startWithHotReload(portal: PortalOptions): Promise<string> {
  const { options, dataDirectory, env, shutdown } = portal;
  const url = `http://localhost:${DEV_APP_PORT}`;
  await requireFreePort(DEV_APP_PORT);
  await step('portal', async say => {
    say('hot reload');
    const portalProcess = await startProcess({
      name: 'portal',
      command: process.execPath,
      args: [
        inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
        ...['repo', 'start'],
        ...configFiles(options.demo).flatMap(file => ['--config', file]),
      ],
      cwd: inRoot(),
      env: {
        ...process.env,
        ...env,
        NODE_ENV: 'development',
        APP_CONFIG_app_baseUrl: JSON.stringify(url),
        APP_CONFIG_backend_cors_origin: JSON.stringify(url),
        APP_CONFIG_backend_cors_credentials: 'true',
      },
      onLine: line => console.log(line),
    });
    shutdown.add(hurry => stopPortal(portalProcess, dataDirectory, hurry));
    await waitUntilListening(portalProcess, [DEV_APP_PORT, options.port]);
    exitWhenItEnds(portalProcess, undefined, shutdown);
  });
  return url;
}

async function waitUntilListening(
  portalProcess: ManagedProcess,
  ports: number[],
): Promise<void> {
  const deadline = Date.now() + DEV_READY_TIMEOUT_MS;
  for (const port of ports) {
    while (await isPortFree(port)) {
      if (portalProcess.hasExited() || Date.now() > deadline) {
        throw new Failure('The portal did not start with hot reload.', {
          wayOut: 'The lines above say why.',
        });
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}

/** app-config.yaml, the demo's part, and what is local to this machine. */
function configFiles(demo: boolean): string[] {
  return [
    'app-config.yaml',
    ...(demo ? ['app-config.demo.yaml'] : []),
    'app-config.local.yaml',
  ]
    .map(name => inRoot(name))
    .filter(file => fs.existsSync(file));
}

function keepPreviousLog(logFile: string): void {
  if (fs.existsSync(logFile)) {
    fs.renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
  }
}

function showLogLine(
  line: string,
  { verbose, isReady }: { verbose: boolean; isReady: boolean },
): void {
  const isTelling = isReady && /"level":"(?:warn|error)"/.test(line);
  if (verbose || isTelling) {
    console.log(`  ${readableLogLine(line)}`);
  }
}

function exitWhenItEnds(
  portalProcess: ManagedProcess,
  logFile: string | undefined,
  shutdown: Shutdown,
): void {
  portalProcess.exited.then(({ code, signal }) => {
    if (shutdown.isExiting()) {
      return;
    }
    const how = signal ? `killed by ${signal}` : `exit code ${code}`;
    console.error(`\nThe portal ended unexpectedly (${how}).`);
    if (logFile) {
      console.error(`Its last words are in ${logFile}.`);
    }
    shutdown.exit(1);
  });
}

async function stopPortal(
  portalProcess: ManagedProcess,
  dataDirectory: string,
  hurry: AbortSignal,
): Promise<void> {
  const kill = () => killGroup(portalProcess.pid);
  hurry.addEventListener('abort', kill);
  if (hurry.aborted) {
    kill();
  }
  await portalProcess.stop({ graceMs: STOP_GRACE_MS });
  await endRuns(dataDirectory, hurry);
}

/** The shims end the runs by themselves; this only makes sure of it. */
async function endRuns(
  dataDirectory: string,
  hurry: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + RUNS_GRACE_MS;
  let left = await findTaggedProcesses({ dataDirectory });
  while (left.length > 0 && Date.now() < deadline && !hurry.aborted) {
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
    left = await findTaggedProcesses({ dataDirectory });
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
}
