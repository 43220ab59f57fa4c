import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const NOT_INPUTS = new Set([
  'node_modules',
  'dist',
  'dist-types',
  'coverage',
  '.turbo',
]);
const TEST_FILE = /\.(?:test|stories)\.[cm]?[jt]sx?$|\.md$/;

/**
 * A hash over the content of files and folders, to know whether something made
 * from them is still right.
 *
 * @param paths - absolute; missing ones count as empty. Built folders, tests and
 *   documents inside them do not count.
 */
export function contentStamp(paths: string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(listFiles)) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

function listFiles(start: string): string[] {
  const stat = fs.statSync(start, { throwIfNoEntry: false });
  if (!stat) {
    return [];
  }
  if (stat.isFile()) {
    return [start];
  }
  return fs
    .readdirSync(start)
    .filter(name => !NOT_INPUTS.has(name) && !TEST_FILE.test(name))
    .sort()
    .flatMap(name => listFiles(path.join(start, name)));
}
