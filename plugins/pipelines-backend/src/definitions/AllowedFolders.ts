import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const OUTSIDE = `is not inside one of the folders that 'pipelines.folders.roots' of the configuration allows`;

const MISSING =
  'there is no such folder, or it is a link that leads out of the allowed ones';

/** A folder of the host that may be used, or the sentence that says why not. */
export type CheckedFolder = { path: string } | { problem: string };

/**
 * The folders of the host that settings may name: those below `pipelines.folders.roots`.
 *
 * @remarks
 * Without a root there is none. What is outside is refused before the disk is looked at, so that
 * nobody can ask what else the host has.
 */
export class AllowedFolders {
  readonly #roots: readonly string[];

  constructor(roots: readonly string[] = []) {
    this.#roots = roots.map(root => path.resolve(root));
  }

  /**
   * What is wrong with the text of a folder, without a look at the disk.
   *
   * @param base - the absolute folder that a relative one starts from
   */
  check(folder: string, base: string): string | undefined {
    if (this.#roots.length === 0) {
      return `no folder of the host may be named here; list the allowed ones in 'pipelines.folders.roots' of the configuration`;
    }
    if (folder.includes('\0')) {
      return 'has a NUL character';
    }
    if (folder.split(/[\\/]/).includes('..')) {
      return `may not contain '..'`;
    }
    return isInsideOne(path.resolve(base, folder), this.#roots)
      ? undefined
      : OUTSIDE;
  }

  /**
   * The real path of a folder that is there, and really below one of the roots.
   *
   * @param base - the absolute folder that a relative one starts from
   */
  async resolve(folder: string, base: string): Promise<CheckedFolder> {
    const problem = this.check(folder, base);
    if (problem) {
      return { problem };
    }
    const roots = await Promise.all(this.#roots.map(realPathOf));
    return findFolder(path.resolve(base, folder), real =>
      isInsideOne(
        real,
        roots.filter(root => root !== undefined),
      ),
    );
  }
}

function isInsideOne(folder: string, roots: readonly string[]): boolean {
  return roots.some(root => {
    const relative = path.relative(root, folder);
    return (
      relative === '' ||
      (relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative))
    );
  });
}

/**
 * The real path of an absolute folder, or the sentence that says why there is none.
 *
 * @param isAllowed - whether a real path may be told from one that is not there
 */
export async function findFolder(
  folder: string,
  isAllowed: (real: string) => boolean = () => true,
): Promise<CheckedFolder> {
  const real = await realPathOf(folder);
  if (real === undefined || !isAllowed(real)) {
    return { problem: MISSING };
  }
  const found = await stat(real).catch(() => undefined);
  if (!found) {
    return { problem: MISSING };
  }
  return found.isDirectory() ? { path: real } : { problem: 'is no folder' };
}

/** Undefined where there is nothing, or nothing that may be looked at. */
async function realPathOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}
