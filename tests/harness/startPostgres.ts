import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  createCredentials,
  type Credentials,
} from '../../scripts/lib/credentials.ts';
import {
  type Databases,
  prepareDatabases,
} from '../../scripts/lib/databases.ts';
import {
  type PostgresServer,
  startPostgresServer,
} from '../../scripts/lib/postgres.ts';

import { makeTemporaryFolder } from '../../scripts/lib/temporaryFolder.ts';

/** A PostgreSQL of its own for one test file, prepared for a portal. */
export interface TestPostgres {
  /** Of the superuser and the database `postgres`. */
  url: string;
  port: number;
  pid: number;
  credentials: Credentials;
  databases: Databases;
  /** The URL of the superuser for another database, such as `backstage_plugin_pipelines`. */
  urlOf(database: string): string;
  /** Runs one query as superuser in the database of the pipelines plugin. */
  query<TRow extends pg.QueryResultRow = Record<string, unknown>>(
    sql: string,
    values?: unknown[],
  ): Promise<TRow[]>;
  /** Sends one signal to the postmaster. */
  kill(signal: NodeJS.Signals): void;
  /**
   * Stops and starts the server on the same port, as a crash or an upgrade does; while it
   * is down it stays so for `downMs` (default 0).
   */
  restart(options?: {
    signal?: NodeJS.Signals;
    downMs?: number;
  }): Promise<void>;
  /** Stops the server and deletes its files. Asking twice is one stop. */
  stop(): Promise<void>;
}

const PLUGIN_DATABASE = 'backstage_plugin_pipelines';

/**
 * Starts a PostgreSQL 18 in a temporary folder, in about a second.
 *
 * @param options - `durable` for tests that kill the server and count what was committed;
 *   default false, which is faster
 */
export async function startPostgres({
  durable = false,
}: { durable?: boolean } = {}): Promise<TestPostgres> {
  const folder = makeTemporaryFolder('postgres');
  const credentials = createCredentials();
  const start = (port?: number): Promise<PostgresServer> =>
    startPostgresServer({
      directory: path.join(folder.path, 'data'),
      password: credentials.postgres,
      durable,
      port,
    });
  let server = await start();
  const databases = await prepareDatabases(server.url, credentials);
  const urlOf = (database: string) => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.toString();
  };
  let pool = openPool(urlOf(PLUGIN_DATABASE));
  return {
    url: server.url,
    port: server.port,
    get pid() {
      return server.process.pid;
    },
    credentials,
    databases,
    urlOf,
    query: async <TRow extends pg.QueryResultRow>(
      sql: string,
      values?: unknown[],
    ) => (await pool.query<TRow>(sql, values)).rows,
    kill: signal => server.process.kill(signal),
    restart: async ({ signal = 'SIGINT', downMs = 0 } = {}) => {
      await pool.end();
      await server.process.stop({ signal });
      await sleep(downMs);
      server = await start(server.port);
      pool = openPool(urlOf(PLUGIN_DATABASE));
    },
    stop: async () => {
      if (!pool.ended) {
        await pool.end();
      }
      await server.stop();
      folder.remove();
    },
  };
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => {}); // A server that was killed on purpose ends idle clients.
  return pool;
}
