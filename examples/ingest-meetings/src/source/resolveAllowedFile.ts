import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../errors.ts';

/**
 * Finds the real path of a `file:` URL.
 *
 * @throws SourceError unless it is an ordinary file whose real path, all links
 * followed, lies in one of the folders. What lies elsewhere is not even looked at.
 */
export async function resolveAllowedFile(
  url: URL,
  allowedFolders: string[],
): Promise<string> {
  const path = toPath(url);
  for (const folder of allowedFolders) {
    const root = await realpath(folder).catch(() => undefined);
    if (!root || !(isInside(path, root) || isInside(path, resolve(folder)))) {
      continue;
    }
    const real = await realpath(path).catch(error => {
      throw new SourceError('file-not-found', `There is no file '${path}'`, {
        cause: error,
      });
    });
    if (isInside(real, root)) {
      return requireFile(real);
    }
  }
  throw new SourceError(
    'file-not-allowed',
    `'${path}' is not in a folder that INGEST_ALLOWED_FOLDERS names`,
  );
}

function toPath(url: URL): string {
  try {
    return resolve(fileURLToPath(url));
  } catch (error) {
    throw new SourceError('bad-url', `'${url.href}' names no local file`, {
      cause: error,
    });
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return (
    way !== '' &&
    way !== '..' &&
    !way.startsWith(`..${sep}`) &&
    !isAbsolute(way)
  );
}

async function requireFile(path: string): Promise<string> {
  const stats = await lstat(path);
  if (!stats.isFile()) {
    throw new SourceError('not-a-file', `'${path}' is not a file`);
  }
  return path;
}
