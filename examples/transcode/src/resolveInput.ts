import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInputError } from './errors.ts';

/** The folders that `TRANSCODE_INPUT_FOLDERS` names, separated like the entries of PATH. */
export function inputFolders(env: NodeJS.ProcessEnv): string[] {
  return (env.TRANSCODE_INPUT_FOLDERS ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map(folder => path.resolve(folder));
}

/**
 * The real path of an input file.
 *
 * @remarks
 * A relative `input` is looked up in every allowed folder. A path outside of them is refused before
 * the disk is touched, so that the answer does not tell what exists there; a link that leads out is
 * refused as well.
 */
export async function resolveInput(
  input: string,
  folders: string[],
): Promise<string> {
  if (folders.length === 0) {
    throw new BadInputError(
      `Input '${input}' is refused: no folder is allowed until TRANSCODE_INPUT_FOLDERS names one`,
    );
  }
  const outside = `Input '${input}' is not inside a folder that TRANSCODE_INPUT_FOLDERS allows`;
  const candidates = folders
    .map(folder => path.resolve(folder, input))
    .filter(file => folders.some(folder => isInside(file, folder)));
  if (candidates.length === 0 || input.includes('\0')) {
    throw new BadInputError(outside);
  }
  const file = await firstExisting(candidates);
  if (!file) {
    throw new BadInputError(`Input '${input}' does not exist`);
  }
  const realFolders = await Promise.all(folders.map(realPathIfAny));
  if (!realFolders.some(folder => folder && isInside(file, folder))) {
    throw new BadInputError(outside);
  }
  if (!(await stat(file)).isFile()) {
    throw new BadInputError(`Input '${input}' is not a regular file`);
  }
  return file;
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

async function firstExisting(files: string[]): Promise<string | undefined> {
  const found = await Promise.all(files.map(realPathIfAny));
  return found.find(file => file !== undefined);
}

async function realPathIfAny(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch {
    return undefined;
  }
}
