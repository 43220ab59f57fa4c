import fs from 'node:fs';
import path from 'node:path';
import { ensureAppBundle } from '../../scripts/lib/appBundle.ts';
import { startBackend, waitUntilReady } from '../../scripts/lib/backend.ts';
import { makeInbox } from '../../scripts/lib/dataDirectory.ts';
import { inRoot } from '../../scripts/lib/paths.ts';
import { portalEnvironment } from '../../scripts/lib/portalEnvironment.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import {
  killGroup,
  type ManagedProcess,
  type ProcessExit,
} from '../../scripts/lib/processes.ts';
import { type PortalApi, signInAs } from '../../scripts/lib/portalApi.ts';
import { findTaggedProcesses } from '../../scripts/lib/taggedProcesses.ts';
import { makeTemporaryFolder } from '../../scripts/lib/temporaryFolder.ts';
import type { TestPostgres } from './startPostgres.ts';
import { until } from './until.ts';

const RUNS_GONE_MS = 30_000;

/** How to start a portal for tests. */
export interface StartPortalOptions {
  postgres: TestPostgres;
  /** Merged over app-config.yaml and app-config.demo.yaml, nested as there. */
  configOverrides?: Record<string, unknown>;
  /** Added to the environment of the backend; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Default: one that is free. It stays the same over restarts. */
  port?: number;
  /** Where artifacts and spool live; default: a temporary folder, deleted at `stop`. */
  dataDirectory?: string;
  /** Default true; false leaves app-config.demo.yaml out, and nobody can sign in. */
  demo?: boolean;
  /** Only executes runs, as app-config.worker.yaml says; default false. */
  workerOnly?: boolean;
  /** The checkout whose backend is started; default: this one. */
  checkout?: string;
  /** Called with each process as soon as there is one, long before it is ready. */
  onSpawn?: (backend: Pick<ManagedProcess, 'pid' | 'kill'>) => void;
}

/** A real backend process that has started, with everything a test does to it. */
export interface TestPortal {
  url: string;
  port: number;
  dataDirectory: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Everything that the processes printed, JSON lines. */
  log(): string;
  /** Signs in as a demo user; default: the first. */
  apiAs(userRef?: string): Promise<PortalApi>;
  /** Sends one signal to the backend alone, such as SIGKILL or SIGSTOP. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended. */
  exited(): Promise<ProcessExit>;
  /** Starts it again, after it was killed or by stopping it in order first. */
  restart(options?: {
    env?: Record<string, string | undefined>;
    configOverrides?: Record<string, unknown>;
  }): Promise<void>;
  /** Stops it in order, waits until its runs are gone and deletes its folder. */
  stop(): Promise<void>;
}

/** Starts the portal with its app, as `npm start` does. */
export async function startPortal(
  options: StartPortalOptions,
): Promise<TestPortal> {
  await ensureAppBundle(() => {});
  return await start(options);
}

/**
 * Starts the portal without building its app: the API is whole, and `/` shows
 * whatever bundle there is.
 */
export async function startBackendOnly(
  options: StartPortalOptions,
): Promise<TestPortal> {
  return await start(options);
}

/** Starts the backend as a worker only; nobody can sign in there. */
export async function startWorkerOnly(
  options: Omit<StartPortalOptions, 'workerOnly'>,
): Promise<TestPortal> {
  return await start({ ...options, workerOnly: true });
}

async function start(options: StartPortalOptions): Promise<TestPortal> {
  const temporary = makeTemporaryFolder('portal');
  const folder = temporary.path;
  const dataDirectory = options.dataDirectory ?? path.join(folder, 'data');
  makeInbox(dataDirectory);
  const port = options.port ?? (await findFreePort());
  let earlierLog = '';
  let latest = options;
  let backend = await launch({ ...options, folder, dataDirectory, port });

  return {
    url: `http://localhost:${port}`,
    port,
    dataDirectory,
    get pid() {
      return backend.pid;
    },
    log: () => earlierLog + backend.log(),
    apiAs: userRef => signInAs(`http://127.0.0.1:${port}`, userRef),
    kill: signal => backend.kill(signal),
    exited: () => backend.exited,
    restart: async (changes = {}) => {
      await backend.stop();
      earlierLog += backend.log();
      latest = {
        ...latest,
        env: { ...latest.env, ...changes.env },
        configOverrides: changes.configOverrides ?? latest.configOverrides,
      };
      backend = await launch({ ...latest, folder, dataDirectory, port });
    },
    stop: async () => {
      backend.kill('SIGCONT'); // A frozen process cannot stop in order.
      await backend.stop();
      await until(
        async () => (await findTaggedProcesses({ dataDirectory })).length === 0,
        { what: 'the processes of runs to be gone', timeoutMs: RUNS_GONE_MS },
      );
      temporary.remove();
    },
  };
}

interface LaunchOptions extends StartPortalOptions {
  folder: string;
  dataDirectory: string;
  port: number;
}

async function launch(options: LaunchOptions): Promise<ManagedProcess> {
  const { folder, dataDirectory, port, postgres } = options;
  const from = (file: string) =>
    options.checkout ? path.join(options.checkout, file) : inRoot(file);
  const overrides = path.join(folder, 'app-config.test.yaml');
  // JSON is YAML as well.
  fs.writeFileSync(overrides, JSON.stringify(options.configOverrides ?? {}));
  const backend = await startBackend({
    port,
    configFiles: [
      from('app-config.yaml'),
      ...(options.demo === false ? [] : [from('app-config.demo.yaml')]),
      ...(options.workerOnly ? [from('app-config.worker.yaml')] : []),
      overrides,
    ],
    entry: from('packages/backend/src/index.ts'),
    env: {
      ...process.env,
      ...portalEnvironment({
        databases: postgres.databases,
        credentials: postgres.credentials,
        dataDirectory,
        port,
      }),
      ...(options.workerOnly && { MILLRACE_WORKER_PORT: String(port) }),
      ...options.env,
    },
  });
  options.onSpawn?.(backend);
  try {
    await waitUntilReady(backend, port);
    return backend;
  } catch (error) {
    killGroup(backend.pid);
    throw error;
  }
}
