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
    await client.migrate.latest({ directory: MIGRATIONS_FOLDER });
  }
  return client;
}
