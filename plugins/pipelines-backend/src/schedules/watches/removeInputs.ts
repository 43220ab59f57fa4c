import type { LoggerService } from '@backstage/backend-plugin-api';
import { lstat, realpath, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseWatchesStore, EndedInput } from './DatabaseWatchesStore';
import { isSameVersion, versionOf } from './fileVersion';
import type { WatchedFolder } from './types';

/** Files that are deleted at one time. */
const BATCH = 50;

/**
 * Deletes the files of runs that have succeeded, where their rule says so and they are still the
 * same; the file of a run that ended otherwise stays.
 */
export async function removeInputs(options: {
  store: DatabaseWatchesStore;
  folder: WatchedFolder;
  logger: LoggerService;
}): Promise<void> {
  const { store, folder, logger } = options;
  for (const input of await store.listEndedInputs(folder, BATCH)) {
    const kept = input.hasSucceeded
      ? await removeInput(folder, input)
      : undefined;
    if (kept) {
      logger.warn(
        `The file '${input.path}' of the folder watch '${folder.watchId}' was not deleted after its run: ${kept}`,
      );
    }
    await store.settleInput(folder.watchId, input, kept);
  }
}

/** @returns why it was kept; undefined when it is gone */
async function removeInput(
  folder: WatchedFolder,
  input: EndedInput,
): Promise<string | undefined> {
  const absolute = path.join(folder.root, input.path);
  try {
    const stats = await lstat(absolute);
    if (
      !stats.isFile() ||
      !isSameVersion(input, versionOf(input.path, stats)) ||
      (await realpath(absolute)) !== absolute
    ) {
      return 'Kept, because it has changed since';
    }
    await unlink(absolute);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? undefined
      : `It could not be deleted (${code})`;
  }
}
