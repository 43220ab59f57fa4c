import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes an artifact into a folder as a file for reading only.
 *
 * @remarks
 * The file has the name of the artifact, in sub-folders where that has slashes. A name that leads
 * out of the folder, or through another file, has its special characters written as `%2F`.
 */
export async function writeIntoFolder(options: {
  folder: string;
  name: string;
  source: Readable;
  /** Aborted when nobody waits for it any more. */
  signal: AbortSignal;
}): Promise<void> {
  const { folder, name, source, signal } = options;
  try {
    const file = await pathIn(folder, name);
    const target = createWriteStream(file, { flags: 'wx', mode: 0o400 });
    await pipeline(source, target, { signal });
  } finally {
    source.destroy();
  }
}

async function pathIn(folder: string, name: string): Promise<string> {
  const encoded = path.join(folder, name.replace(/[^\w-]/g, encodeCharacter));
  const file = path.resolve(folder, name);
  if (path.relative(folder, file) !== name || /^\.\.(\/|$)/.test(name)) {
    return encoded;
  }
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      return encoded;
    }
    throw error;
  }
}

function encodeCharacter(character: string): string {
  return [...Buffer.from(character)]
    .map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
