import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';

/**
 * Finds the file that an artifact message means, and refuses what is not a plain file inside
 * the artifacts folder.
 *
 * @param artifactsFolder - the folder that the attempt was given
 * @param file - relative to that folder, or absolute inside it
 * @returns the absolute path without any symbolic link in it
 * @throws InputError with a sentence for the reader of the run
 */
export async function resolveArtifact(
  artifactsFolder: string,
  file: string,
): Promise<string> {
  const refuse = (reason: string) =>
    new InputError(`Artifact '${file}' was refused: ${reason}`);
  const relative = file.includes('\0')
    ? '..'
    : path.relative(artifactsFolder, path.resolve(artifactsFolder, file));
  if (relative === '' || /^\.\.(\/|\\|$)/.test(relative)) {
    throw refuse('it is not inside MILLRACE_ARTIFACTS_DIR');
  }
  const expected = path.join(await realpath(artifactsFolder), relative);
  const real = await realpath(expected).catch(() => {
    throw refuse('there is no such file');
  });
  if (real !== expected) {
    throw refuse('symbolic links are not followed');
  }
  // Opening a FIFO without O_NONBLOCK would wait for a writer for ever.
  const handle = await open(
    real,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch(error => {
    throw refuse(`it cannot be read (${error.code})`);
  });
  try {
    if (!(await handle.stat()).isFile()) {
      throw refuse('it is not a plain file');
    }
  } finally {
    await handle.close();
  }
  return real;
}
