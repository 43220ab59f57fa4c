import pg from 'pg';
import type { Credentials } from './credentials.ts';
import { Failure } from './failure.mjs';

const OLDEST_VERSION = 150_000; // As server_version_num writes PostgreSQL 15.
const CONNECT_TIMEOUT_MS = 10_000;
const ARCHIVE = 'archive';

/** How the portal and the demo pipelines reach their databases. */
export interface Databases {
  portal: { host: string; port: string; user: string; password: string };
  /** Owner of the archive that the demo ingests into; absent without rights. */
  archiveWriteUrl?: string;
  /** A role that may only SELECT there. */
  archiveReadUrl?: string;
  /** What could not be made, in sentences for people. */
  warnings: string[];
  /** For example `18.4`. */
  version: string;
}

/** The name of the role that may only read the archive. */
export const ARCHIVE_READER_ROLE = 'archive_reader';
const ARCHIVE_WRITER_ROLE = 'archive_writer';
const PORTAL_ROLE = 'millrace_portal';

/**
 * Makes the roles and databases of the demo in a PostgreSQL, as often as wanted.
 *
 * @param url - of a user who may create roles and databases; one who may not is
 *   used for the portal itself, and the archive is left out with a warning
 */
export async function prepareDatabases(
  url: string,
  credentials: Credentials,
): Promise<Databases> {
  const target = new URL(url);
  const client = await connect(url);
  try {
    const rights = await readRights(client);
    if (!rights.mayCreateRoles) {
      return withoutOwnRoles(target, rights);
    }
    await makeRoles(client, credentials);
    await makeArchive(client);
    await grantArchive(urlOf(target, ARCHIVE_WRITER_ROLE, credentials));
    return {
      portal: {
        host: target.hostname,
        port: target.port || '5432',
        user: PORTAL_ROLE,
        password: credentials[PORTAL_ROLE],
      },
      archiveWriteUrl: urlOf(target, ARCHIVE_WRITER_ROLE, credentials),
      archiveReadUrl: urlOf(target, ARCHIVE_READER_ROLE, credentials),
      warnings: [],
      version: rights.version,
    };
  } finally {
    await client.end();
  }
}

interface Rights {
  user: string;
  version: string;
  mayCreateRoles: boolean;
  mayCreateDatabases: boolean;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'millrace start',
  });
  client.on('error', () => {}); // The next query reports it.
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const { host } = new URL(url);
    throw new Failure(
      `PostgreSQL at ${host} cannot be used: ${(cause as Error).message}.`,
      {
        wayOut:
          'Check DATABASE_URL (postgresql://user:password@host:5432/postgres), or leave it out to use the embedded PostgreSQL.',
        cause,
      },
    );
  }
}

async function readRights(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query(
    `select rolname as user, rolsuper, rolcreaterole, rolcreatedb,
            current_setting('server_version_num')::int as number,
            current_setting('server_version') as version
       from pg_roles where rolname = current_user`,
  );
  const [row] = rows;
  if (row.number < OLDEST_VERSION) {
    throw new Failure(
      `This PostgreSQL is version ${row.version}; Millrace needs 15 to 18.`,
      { wayOut: 'Point DATABASE_URL at a newer one, or leave it out.' },
    );
  }
  return {
    user: row.user,
    version: row.version.split(' ')[0],
    mayCreateRoles: row.rolsuper || (row.rolcreaterole && row.rolcreatedb),
    mayCreateDatabases: row.rolsuper || row.rolcreatedb,
  };
}

function withoutOwnRoles(target: URL, rights: Rights): Databases {
  if (!rights.mayCreateDatabases) {
    throw new Failure(
      `The user '${rights.user}' of DATABASE_URL may not create databases, and each plugin of the portal needs one.`,
      {
        wayOut: `As a superuser run: alter role "${rights.user}" createdb createrole`,
      },
    );
  }
  return {
    portal: {
      host: target.hostname,
      port: target.port || '5432',
      user: decodeURIComponent(target.username),
      password: decodeURIComponent(target.password),
    },
    warnings: [
      `The user '${rights.user}' of DATABASE_URL may not create roles, so there is no archive database and the demo pipeline ingest-meetings cannot load into it. As a superuser run: alter role "${rights.user}" createrole`,
    ],
    version: rights.version,
  };
}

async function makeRoles(
  client: pg.Client,
  credentials: Credentials,
): Promise<void> {
  const roles = {
    [PORTAL_ROLE]: 'createdb',
    [ARCHIVE_WRITER_ROLE]: 'nocreatedb',
    [ARCHIVE_READER_ROLE]: 'nocreatedb',
  } as const;
  for (const [name, right] of Object.entries(roles)) {
    const role = client.escapeIdentifier(name);
    const { rowCount } = await client.query(
      'select 1 from pg_roles where rolname = $1',
      [name],
    );
    if (!rowCount) {
      await client.query(`create role ${role}`);
    }
    const password = client.escapeLiteral(
      credentials[name as keyof typeof roles],
    );
    await client.query(
      `alter role ${role} login ${right} password ${password}`,
    );
  }
  await client.query(
    `alter role ${ARCHIVE_READER_ROLE} set default_transaction_read_only = on`,
  );
}

async function makeArchive(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    'select 1 from pg_database where datname = $1',
    [ARCHIVE],
  );
  if (!rowCount) {
    // Who is no superuser may give a database only to a role it belongs to.
    await client.query(`grant ${ARCHIVE_WRITER_ROLE} to current_user`);
    await client.query(
      `create database ${ARCHIVE} owner ${ARCHIVE_WRITER_ROLE} template template0 encoding 'UTF8'`,
    );
  }
}

async function grantArchive(writerUrl: string): Promise<void> {
  const writer = await connect(writerUrl);
  try {
    await writer.query(`
      revoke all on database ${ARCHIVE} from public;
      grant connect on database ${ARCHIVE} to ${ARCHIVE_READER_ROLE};
      grant usage on schema public to ${ARCHIVE_READER_ROLE};
      grant select on all tables in schema public to ${ARCHIVE_READER_ROLE};
      alter default privileges in schema public
        grant select on tables to ${ARCHIVE_READER_ROLE};
    `);
  } finally {
    await writer.end();
  }
}

function urlOf(
  server: URL,
  role: typeof ARCHIVE_WRITER_ROLE | typeof ARCHIVE_READER_ROLE,
  credentials: Credentials,
): string {
  const url = new URL(server);
  url.username = role;
  url.password = encodeURIComponent(credentials[role]);
  url.pathname = `/${ARCHIVE}`;
  return url.toString();
}
