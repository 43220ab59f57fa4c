import { constants } from 'node:fs';
import {
  open,
  readlink,
  realpath,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';

/**
 * Opens the file that an attempt offers, once it is certain which file that is.
 *
 * @remarks
 * What was opened is compared, not what was asked for: between a check of the path and its
 * opening the execution could put a symbolic link there.
 *
 * @param folder - the attempt's artifacts folder; nothing outside of it is taken
 * @param file - absolute, or relative to the folder
 * @throws InputError with a sentence for the reader of the run
 */
export async function openSource(
  folder: string,
  file: string,
): Promise<FileHandle> {
  const refuse = (reason: string) =>
    new InputError(`Artifact '${file}' was refused: ${reason}`);
  if (file.includes('\0')) {
    throw refuse('its path has a NUL');
  }
  const wanted = path.resolve(folder, file);
  // Opening a FIFO without O_NONBLOCK would wait for a writer for ever
  const handle = await open(
    wanted,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch(error => {
    throw refuse(reasonOf(error));
  });
  try {
    if (!(await handle.stat()).isFile()) {
      throw refuse('it is not a plain file');
    }
    if (!isInside(await realpath(folder), await pathOf(handle, wanted))) {
      throw refuse('it is not inside MILLRACE_ARTIFACTS_DIR');
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The path of what is open, without any symbolic link in it. */
async function pathOf(handle: FileHandle, wanted: string): Promise<string> {
  if (process.platform === 'linux') {
    return readlink(`/proc/self/fd/${handle.fd}`);
  }
  const real = await realpath(wanted);
  const [opened, there] = await Promise.all([handle.stat(), stat(real)]);
  return opened.ino === there.ino && opened.dev === there.dev ? real : '';
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return (
    file !== '' &&
    relative !== '' &&
    !path.isAbsolute(relative) &&
    relative.split(path.sep)[0] !== '..'
  );
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'ELOOP':
      return 'symbolic links are not followed';
    default:
      return `it cannot be read (${error.code})`;
  }
}
