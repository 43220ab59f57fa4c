import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Folder of the migrations of this package. */
export const MIGRATIONS_FOLDER = resolvePackagePath(
  '@millrace/backstage-plugin-pipelines-backend',
  'migrations',
);

/** Any number that nobody else in the plugin's database uses. */
const MIGRATION_LOCK = 6_455_472;
const LOCK_TIMEOUT_MS = 300_000;

/**
 * The client of the plugin's own database, with its tables as this version needs them.
 *
 * @throws Error when the database is not Postgres: the queue rests on `skip locked`, NOTIFY and
 * partitions
 */
export async function migrateDatabase(
  database: DatabaseService,
): Promise<Knex> {
  const client = await database.getClient();
  if (!String(client.client.config.client).startsWith('pg')) {
    throw new Error(
      `Millrace needs Postgres, but 'backend.database.client' is '${client.client.config.client}'; set it to 'pg', or 'backend.database.plugin.pipelines' to a Postgres`,
    );
  }
  if (!database.migrations?.skip) {
    await migrateToLatest(client);
  }
  return client;
}

/**
 * Brings the tables to what this version needs; processes that start together do it one by one.
 *
 * @remarks
 * Each migration is a transaction, so one that was killed half-way has changed nothing; but the
 * mark that knex sets meanwhile stays and would stop every later start. Whoever has the advisory
 * lock, which dies with its connection, knows that a mark is left over.
 * A version before this one may go on beside it: it does not know the newer migrations, and the
 * tables keep what it needs.
 */
export async function migrateToLatest(client: Knex): Promise<void> {
  await client.transaction(async lock => {
    await lock.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await lock.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    const migrations = {
      directory: MIGRATIONS_FOLDER,
      disableMigrationsListValidation: true,
    };
    await client.migrate.forceFreeMigrationsLock(migrations);
    await client.migrate.latest(migrations);
  });
}
