import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FileVersion, WatchedFolder } from './types';

/** Times that the API can show; a file can claim others. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** The version of a file that its status is of. */
export function versionOf(path: string, stats: Stats): FileVersion {
  const modifiedMs = Math.min(Math.max(stats.mtime.getTime(), 0), LATEST_MS);
  return { path, bytes: stats.size, modifiedAt: new Date(modifiedMs) };
}

/** Whether a file is still the one that it was. */
export function isSameVersion(one: FileVersion, other: FileVersion): boolean {
  return (
    one.bytes === other.bytes &&
    one.modifiedAt.getTime() === other.modifiedAt.getTime()
  );
}

/** Stands for this version of a file in this folder, wherever it is looked at; 64 characters. */
export function keyOf(
  { folder }: Pick<WatchedFolder, 'folder'>,
  { path, bytes, modifiedAt }: FileVersion,
): string {
  return createHash('sha256')
    .update(JSON.stringify([folder, path, bytes, modifiedAt.getTime()]))
    .digest('hex');
}
