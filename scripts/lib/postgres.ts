import { guardAgainstOrphaning } from './orphanGuard.ts';
import { findPostgresBinaries } from './postgresBinaries.ts';
import { prepareDataDirectory } from './postgresDirectory.ts';
import { explainPostgresFailure } from './postgresFailure.ts';
import { type PostgresCommand, postgresIdentity } from './postgresIdentity.ts';
import { findFreePort } from './ports.ts';
import { endedWithin, type ManagedProcess, startProcess } from './processes.ts';

const READY_SIGN = 'database system is ready to accept connections';
const CHILDREN_SIGN = 'pre-existing shared memory block';
const CHILDREN_GONE_MS = 10_000;
const READY_TIMEOUT_MS = 120_000; // Recovery after a crash reads the whole journal.
const FAST_STOP_MS = 15_000;
const MAX_CONNECTIONS = 300; // A dozen plugins with a pool each, and some for people.

/** Which PostgreSQL to start, see `startPostgresServer`. */
export interface PostgresServerOptions {
  /** The data directory; made when it does not exist. */
  directory: string;
  /** Of the superuser `postgres`. */
  password: string;
  /** Default: one that is free. */
  port?: number;
  /**
   * Whether committed work survives a crash of the machine. Tests set false,
   * which is several times faster.
   */
  durable?: boolean;
  logFile?: string;
}

/** A PostgreSQL that runs on this machine, on the loopback address only. */
export interface PostgresServer {
  /** The URL of the superuser and the database `postgres`. */
  url: string;
  port: number;
  process: ManagedProcess;
  /** Ends it in order, sessions included. Asking twice is one stop. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL 18, also when we are root. */
export async function startPostgresServer(
  options: PostgresServerOptions,
): Promise<PostgresServer> {
  const { directory, password } = options;
  const identity = postgresIdentity(directory);
  await prepareDataDirectory({ directory, password, identity });
  const port = options.port ?? (await findFreePort());
  const { postgres } = await findPostgresBinaries();
  const command = identity.command(postgres, [
    ...['-D', directory, '-p', String(port)],
    ...settings(options.durable ?? true),
  ]);
  const server = await startWhenChildrenAreGone(command, options);
  return {
    url: `postgresql://postgres:${encodeURIComponent(
      password,
    )}@127.0.0.1:${port}/postgres`,
    port,
    process: server,
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: it ends the sessions and checkpoints.
      await server.stop({ signal: 'SIGINT', graceMs: FAST_STOP_MS });
    },
  };
}

/** The children of a server that was killed take a moment to notice it. */
async function startWhenChildrenAreGone(
  command: PostgresCommand,
  options: PostgresServerOptions,
): Promise<ManagedProcess> {
  const deadline = Date.now() + CHILDREN_GONE_MS;
  for (;;) {
    const server = await startOnce(command, options);
    if (!server.hasExited()) {
      return server;
    }
    const isTooSoon = server.log().includes(CHILDREN_SIGN);
    if (!isTooSoon || Date.now() > deadline) {
      throw explainPostgresFailure(server.log(), options.directory);
    }
  }
}

/** Starts the server and waits until it is ready or has ended. */
async function startOnce(
  command: PostgresCommand,
  options: PostgresServerOptions,
): Promise<ManagedProcess> {
  let announceReady: () => void;
  const ready = new Promise<void>(resolve => {
    announceReady = resolve;
  });
  const server = await startProcess({
    name: 'PostgreSQL',
    ...command,
    env: { ...process.env, LC_ALL: 'C' },
    logFile: options.logFile,
    onLine: line => line.includes(READY_SIGN) && announceReady(),
  });
  const removeGuard = guardAgainstOrphaning(server.pid, 'INT');
  server.exited.then(removeGuard);
  const outcome = Promise.race([ready, server.exited]);
  if (!(await endedWithin(outcome, READY_TIMEOUT_MS))) {
    await server.stop({ signal: 'SIGQUIT' });
  }
  return server;
}

function settings(durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    log_checkpoints: 'off',
    ...(durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
}
