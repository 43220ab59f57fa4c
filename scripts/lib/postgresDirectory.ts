import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Failure } from './failure.mjs';
import { findPostgresBinaries } from './postgresBinaries.ts';
import { explainPostgresFailure } from './postgresFailure.ts';
import type { PostgresIdentity } from './postgresIdentity.ts';
import { isAlive, readCommandLine, startProcess } from './processes.ts';

/** The major version of the embedded PostgreSQL. */
export const POSTGRES_MAJOR = '18';

const ORPHAN_STOP_MS = 20_000;
const POLL_MS = 50;

/** Which data directory, and for whom. */
export interface DataDirectoryOptions {
  directory: string;
  identity: PostgresIdentity;
  /** Of the superuser `postgres`, used when the directory is made. */
  password: string;
}

/**
 * Makes the data directory, or checks the one that exists.
 *
 * @remarks
 * It is made beside its place and renamed, so an interrupted first start leaves
 * nothing that looks like a database.
 */
export async function prepareDataDirectory(
  options: DataDirectoryOptions,
): Promise<'made' | 'kept'> {
  const { directory } = options;
  const entries = fs.existsSync(directory) ? fs.readdirSync(directory) : [];
  if (entries.length === 0) {
    await makeDataDirectory(options);
    return 'made';
  }
  checkVersion(directory);
  return 'kept';
}

/**
 * Deals with the pid file that a crash leaves: a PostgreSQL that still runs on
 * the directory without its launcher is stopped, a file whose number belongs to
 * another program by now is removed.
 *
 * @returns whether a PostgreSQL was stopped
 */
export async function releaseDataDirectory(
  directory: string,
): Promise<boolean> {
  const pidFile = path.join(directory, 'postmaster.pid');
  if (!fs.existsSync(pidFile)) {
    return false;
  }
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]);
  const command = (pid > 0 && (await readCommandLine(pid))) || '';
  if (!isAlive(pid)) {
    return false; // PostgreSQL itself replaces the file, once its last child is gone.
  }
  if (!command.includes(` -D ${directory} `)) {
    fs.rmSync(pidFile, { force: true });
    return false;
  }
  await stopOrphan(pid, directory);
  return true;
}

async function stopOrphan(pid: number, directory: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    const deadline = Date.now() + ORPHAN_STOP_MS;
    while (isAlive(pid) && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
    if (!isAlive(pid)) {
      return;
    }
  }
  throw new Failure(
    `PostgreSQL (process ${pid}) still runs on ${directory} and does not stop.`,
    { wayOut: `Stop it with kill -9 ${pid} and run the same command again.` },
  );
}

function checkVersion(directory: string): void {
  const file = path.join(directory, 'PG_VERSION');
  if (!fs.existsSync(file)) {
    throw new Failure(
      `${directory} is not a whole PostgreSQL data directory: PG_VERSION is missing.`,
      {
        wayOut:
          'Restore it from a copy, or delete it and begin afresh: npm start -- --reset',
      },
    );
  }
  const version = fs.readFileSync(file, 'utf8').trim();
  if (version !== POSTGRES_MAJOR) {
    throw new Failure(
      `The database in ${directory} was made by PostgreSQL ${version}, and this is PostgreSQL ${POSTGRES_MAJOR}.`,
      {
        wayOut:
          'Start with the version that made it, or delete it and begin afresh: npm start -- --reset',
      },
    );
  }
}

async function makeDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { directory, identity, password } = options;
  const unfinished = `${directory}.new`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(os.tmpdir(), `millrace-${randomUUID()}`);
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.owner) {
    fs.chownSync(unfinished, identity.owner.uid, identity.owner.gid);
    fs.chownSync(passwordFile, identity.owner.uid, identity.owner.gid);
  }
  try {
    await runInitdb(unfinished, passwordFile, identity);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  fs.rmSync(directory, { recursive: true, force: true });
  fs.renameSync(unfinished, directory);
}

async function runInitdb(
  directory: string,
  passwordFile: string,
  identity: PostgresIdentity,
): Promise<void> {
  const { initdb } = await findPostgresBinaries();
  const initialise = await startProcess({
    name: 'initdb',
    ...identity.command(initdb, [
      `--pgdata=${directory}`,
      `--pwfile=${passwordFile}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]),
    env: { ...process.env, LC_ALL: 'C' },
  });
  const { code } = await initialise.exited;
  if (code !== 0) {
    throw explainPostgresFailure(initialise.log(), directory);
  }
}
