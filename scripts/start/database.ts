import path from 'node:path';
import type { Credentials } from '../lib/credentials.ts';
import { type Databases, prepareDatabases } from '../lib/databases.ts';
import { Failure } from '../lib/failure.mjs';
import { type PostgresServer, startPostgresServer } from '../lib/postgres.ts';
import { releaseDataDirectory } from '../lib/postgresDirectory.ts';
import type { Shutdown } from '../lib/shutdown.ts';

/** Where the embedded PostgreSQL keeps its files inside a data directory. */
export function postgresDirectory(dataDirectory: string): string {
  return path.join(dataDirectory, 'postgres');
}

/** What `openDatabase` needs to know. */
export interface OpenDatabaseOptions {
  dataDirectory: string;
  credentials: Credentials;
  shutdown: Shutdown;
  say: (detail: string) => void;
}

/** Uses `DATABASE_URL`, or starts the embedded PostgreSQL, and prepares it. */
export async function openDatabase(
  options: OpenDatabaseOptions,
): Promise<Databases> {
  const { credentials, say } = options;
  const external = process.env.DATABASE_URL;
  if (external) {
    const url = readUrl(external);
    say(`connecting to ${url.host}`);
    const databases = await prepareDatabases(external, credentials);
    say(`PostgreSQL ${databases.version} at ${url.host} (DATABASE_URL)`);
    return databases;
  }
  const server = await startEmbedded(options);
  const databases = await prepareDatabases(server.url, credentials);
  say(`PostgreSQL ${databases.version} on port ${server.port}`);
  return databases;
}

async function startEmbedded(
  options: OpenDatabaseOptions,
): Promise<PostgresServer> {
  const { dataDirectory, credentials, shutdown, say } = options;
  const directory = postgresDirectory(dataDirectory);
  if (await releaseDataDirectory(directory)) {
    say('stopped a PostgreSQL that a crash had left');
  }
  const server = await startPostgresServer({
    directory,
    password: credentials.postgres,
    logFile: path.join(dataDirectory, 'logs/postgres.log'),
  });
  shutdown.add(hurry => {
    const kill = () => server.process.kill('SIGQUIT');
    hurry.addEventListener('abort', kill);
    if (hurry.aborted) {
      kill();
    }
    return server.stop();
  });
  server.process.exited.then(() => {
    if (!shutdown.isExiting()) {
      console.error(
        `\nPostgreSQL ended unexpectedly; see ${path.join(
          dataDirectory,
          'logs/postgres.log',
        )}.`,
      );
      shutdown.exit(1);
    }
  });
  return server;
}

function readUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (/^postgres(?:ql)?:$/.test(url.protocol)) {
      return url;
    }
  } catch {
    // Said below.
  }
  throw new Failure('DATABASE_URL is not the URL of a PostgreSQL.', {
    wayOut:
      'Write it as postgresql://user:password@host:5432/postgres, or leave it out to use the embedded PostgreSQL.',
  });
}
