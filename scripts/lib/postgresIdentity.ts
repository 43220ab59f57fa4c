import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

const CANDIDATE_USERS = ['postgres', 'nobody'];
const SETPRIV = '/usr/bin/setpriv';
const OTHERS_MAY_ENTER = 0o001;

/** How to run PostgreSQL programs, which refuse to run as root. */
export interface PostgresIdentity {
  /** Who must own its files; undefined when we are an ordinary user already. */
  owner?: User;
  /** How to start one of its programs. */
  command(program: string, args: string[]): PostgresCommand;
}

/** One PostgreSQL program, ready to be started. */
export interface PostgresCommand {
  command: string;
  args: string[];
  identity?: User;
}

interface User {
  uid: number;
  gid: number;
}

/**
 * Finds a user for PostgreSQL when we are root: `postgres` where it exists, else
 * `nobody`. No user is made.
 *
 * @remarks
 * A checkout under /root or a `mktemp -d` folder is closed to that user. There
 * the programs keep the one capability to pass through such folders.
 *
 * @param directory - the data directory, which is given to that user
 */
export function postgresIdentity(directory: string): PostgresIdentity {
  if (process.getuid?.() !== 0) {
    return { command: (command, args) => ({ command, args }) };
  }
  const owner = findUser();
  if (!isClosedToOthers(directory)) {
    return {
      owner,
      command: (command, args) => ({ command, args, identity: owner }),
    };
  }
  if (!fs.existsSync(SETPRIV)) {
    throw new Failure(
      `PostgreSQL may not run as root, and the user it would run as cannot enter ${directory}.`,
      {
        wayOut:
          'Run the command as an ordinary user, or clone into a folder that everybody may enter.',
      },
    );
  }
  return { owner, command: (...program) => withSetpriv(owner, ...program) };
}

function findUser(): User {
  for (const name of CANDIDATE_USERS) {
    try {
      const [uid, gid] = ['-u', '-g'].map(flag =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString()),
      );
      return { uid, gid };
    } catch {
      // Not on this machine; try the next.
    }
  }
  throw new Failure(
    `PostgreSQL may not run as root, and there is no user ${CANDIDATE_USERS.join(
      ' or ',
    )} to run it as.`,
    { wayOut: 'Run the command as an ordinary user.' },
  );
}

function isClosedToOthers(directory: string): boolean {
  for (let folder = directory; ; folder = path.dirname(folder)) {
    // The data directory itself is given to that user.
    const counts = folder !== directory && fs.existsSync(folder);
    if (counts && !(fs.statSync(folder).mode & OTHERS_MAY_ENTER)) {
      return true;
    }
    if (folder === path.dirname(folder)) {
      return false;
    }
  }
}

function withSetpriv(
  user: User,
  command: string,
  args: string[],
): PostgresCommand {
  return {
    command: SETPRIV,
    args: [
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      // Without this bit access(2) forgets the capability for whoever is not root.
      '--securebits=+no_setuid_fixup',
      '--inh-caps=+dac_read_search',
      '--ambient-caps=+dac_read_search',
      '--',
      command,
      ...args,
    ],
  };
}
