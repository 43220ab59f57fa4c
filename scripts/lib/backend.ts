import { createRequire } from 'node:module';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.ts';
import { type ManagedProcess, startProcess } from './processes.ts';

const require = createRequire(import.meta.url);
const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;
const SHOWN_LINES = 20;

/** How to run the portal's backend, see `startBackend`. */
export interface BackendOptions {
  port: number;
  /** Absolute paths; later ones win. */
  configFiles: string[];
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  /** The program; default: the backend of the example portal. */
  entry?: string;
  logFile?: string;
  onLine?: (line: string) => void;
}

/**
 * Starts the backend from its sources, as `backstage-cli package start` does but
 * without watching them.
 */
export async function startBackend(
  options: BackendOptions,
): Promise<ManagedProcess> {
  return await startProcess({
    name: 'portal',
    command: process.execPath,
    args: [
      '--enable-source-maps',
      ...['--require', require.resolve('./exit-with-parent.cjs')],
      ...[
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
      options.entry ?? inRoot('packages/backend/src/index.ts'),
      ...options.configFiles.flatMap(file => ['--config', file]),
    ],
    cwd: inRoot('packages/backend'),
    env: options.env,
    logFile: options.logFile,
    onLine: options.onLine,
  });
}

/**
 * Waits until every plugin of the backend has started.
 *
 * @throws a `Failure` with its last words when it ends or takes longer than 2 min
 */
export async function waitUntilReady(
  backend: ManagedProcess,
  port: number,
): Promise<void> {
  const url = `http://127.0.0.1:${port}/.backstage/health/v1/readiness`;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (backend.hasExited()) {
      const { code, signal } = await backend.exited;
      throw notStarted(`ended (${signal ?? `exit code ${code}`})`, backend);
    }
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, READY_POLL_MS));
  }
  throw notStarted(
    `was not ready within ${READY_TIMEOUT_MS / 1000} s`,
    backend,
  );
}

function notStarted(what: string, backend: ManagedProcess): Failure {
  const lines = backend.log().trimEnd().split('\n');
  const telling = lines.filter(line => !/"level":"(?:info|debug)"/.test(line));
  return new Failure(`The portal ${what} before it was ready.`, {
    details: telling.slice(-SHOWN_LINES).map(readableLogLine).join('\n'),
    wayOut:
      'The lines above say why. When the database does not fit the sources, begin afresh: npm start -- --reset',
  });
}

/** Turns a JSON log line of the backend into one for people; others stay. */
export function readableLogLine(line: string): string {
  try {
    const { level, plugin, message } = JSON.parse(line);
    return `${level} ${plugin ?? 'backend'}: ${message.split('\n')[0]}`;
  } catch {
    return line;
  }
}
