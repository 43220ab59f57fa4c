import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

const MARKER = '.millrace-data';
const NEEDED_BYTES = 300 * 1024 * 1024;
const BYTES_PER_MB = 1024 * 1024;

/** Makes the data directory when it is missing and checks that there is space. */
export function openDataDirectory(directory: string): void {
  try {
    const isNew =
      !fs.existsSync(directory) || fs.readdirSync(directory).length === 0;
    fs.mkdirSync(directory, { recursive: true });
    if (isNew) {
      fs.writeFileSync(path.join(directory, MARKER), '');
    }
  } catch (cause) {
    throw new Failure(
      `The data directory ${directory} cannot be made: ${
        (cause as Error).message
      }.`,
      {
        wayOut: 'Choose another: MILLRACE_DATA_DIR=/some/folder npm start',
        cause,
      },
    );
  }
  requireSpace(directory);
}

/** Where videos lie that pipelines of the demo may read. */
export function mediaFolder(directory: string): string {
  return path.join(directory, 'media');
}

/** Makes the folder that the demo watches for videos; what is in it stays. */
export function makeInbox(directory: string): void {
  fs.mkdirSync(path.join(mediaFolder(directory), 'inbox', 'live'), {
    recursive: true,
  });
}

/**
 * Deletes what is in the data directory.
 *
 * @returns the names of what was deleted
 * @throws a `Failure` when the folder was not made by us, so that a mistyped
 *   folder is never emptied
 */
export function resetDataDirectory(directory: string): string[] {
  if (!fs.existsSync(path.join(directory, MARKER))) {
    throw new Failure(
      `${directory} was not made by npm start, so --reset does not delete it.`,
      { wayOut: 'Delete it yourself when you are sure.' },
    );
  }
  const names = fs.readdirSync(directory).filter(name => name !== MARKER);
  const deleted = names.filter(name => name !== 'start.pid');
  for (const name of deleted) {
    fs.rmSync(path.join(directory, name), { recursive: true, force: true });
  }
  return deleted;
}

function requireSpace(directory: string): void {
  const { bavail, bsize } = fs.statfsSync(directory);
  const free = bavail * bsize;
  if (free < NEEDED_BYTES) {
    throw new Failure(
      `The disk is full: ${Math.floor(
        free / BYTES_PER_MB,
      )} MB left for ${directory}, ${
        NEEDED_BYTES / BYTES_PER_MB
      } MB are needed.`,
      {
        wayOut:
          'Free some space, or choose another folder: MILLRACE_DATA_DIR=/some/folder npm start',
      },
    );
  }
}
