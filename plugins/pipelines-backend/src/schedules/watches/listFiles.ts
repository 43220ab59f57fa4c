import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { versionOf } from './fileVersion';
import type { FileVersion } from './types';

/** Most entries that are looked at; a folder with more must be tidied up. */
export const MAX_ENTRIES = 10_000;

/** Entries whose status is asked for at once. */
const BATCH = 32;

/** What decoding makes of bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

const FOLDER_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such folder',
  ENOTDIR: 'It is no folder',
};

/** A folder that cannot be watched now; its message is a sentence that says why. */
export class UnreadableFolderError extends Error {
  constructor(code = 'unknown') {
    super(
      FOLDER_PROBLEMS[code] ??
        `The backend may not or cannot read the folder (${code})`,
    );
    this.name = 'UnreadableFolderError';
  }
}

/** The files of a folder, and what kept some of them from being seen. */
export interface ListedFiles {
  files: FileVersion[];
  /** As a sentence. */
  problem?: string;
}

/**
 * Every regular file below a folder; links are not followed.
 *
 * @param options - `isDeep`: also those in folders in it; default `maxEntries` 10,000
 * @throws UnreadableFolderError when the folder itself cannot be read
 */
export async function listFiles(options: {
  root: string;
  isDeep: boolean;
  maxEntries?: number;
}): Promise<ListedFiles> {
  const { root, isDeep, maxEntries = MAX_ENTRIES } = options;
  const files: FileVersion[] = [];
  const folders = [''];
  const problems: string[] = [];
  let left = maxEntries;
  for (const folder of folders) {
    const { names, isCut, problem } = await listNames(root, folder, left);
    left -= names.length;
    problems.push(
      ...(problem ? [problem] : []),
      ...(isCut
        ? [
            `It has more than ${maxEntries} entries, and the others are not seen; move away what is done`,
          ]
        : []),
    );
    for (const found of await readStatuses(root, folder, names)) {
      if (found.problem) {
        problems.push(found.problem);
      }
      if (found.stats?.isFile()) {
        files.push(versionOf(found.file, found.stats));
      } else if (isDeep && found.stats?.isDirectory()) {
        folders.push(found.file);
      }
    }
  }
  return { files, problem: problems[0] };
}

/** At most `limit` names of what is in a folder; none, with the reason, where they cannot be read. */
async function listNames(
  root: string,
  folder: string,
  limit: number,
): Promise<{ names: string[]; isCut: boolean; problem?: string }> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path.join(root, folder))) {
      if (names.length === limit) {
        return { names, isCut: true };
      }
      names.push(name);
    }
    return { names, isCut: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (folder === '') {
      throw new UnreadableFolderError(code);
    }
    return {
      names,
      isCut: false,
      // What goes while it is looked at is no problem.
      problem: hasGone(error)
        ? undefined
        : `The folder '${folder}' in it cannot be read (${code})`,
    };
  }
}

interface FoundFile {
  /** Below the root. */
  file: string;
  stats?: Stats;
  problem?: string;
}

async function readStatuses(
  root: string,
  folder: string,
  names: readonly string[],
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (let i = 0; i < names.length; i += BATCH) {
    const batch = names
      .slice(i, i + BATCH)
      .map(name => (folder === '' ? name : `${folder}/${name}`));
    found.push(
      ...(await Promise.all(batch.map(file => readStatus(root, file)))),
    );
  }
  return found;
}

async function readStatus(root: string, file: string): Promise<FoundFile> {
  try {
    return { file, stats: await lstat(path.join(root, file)) };
  } catch (error) {
    if (!hasGone(error)) {
      const { code } = error as NodeJS.ErrnoException;
      return { file, problem: `'${file}' cannot be looked at (${code})` };
    }
    return {
      file,
      problem: file.includes(REPLACEMENT)
        ? `The name '${file}' is no UTF-8, so that the file cannot be reached`
        : undefined,
    };
  }
}

function hasGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
