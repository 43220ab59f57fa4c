import fs from 'node:fs';
import { isAlive } from './processes.ts';

const POLL_MS = 200;

/**
 * Does some work while no other process does the same, for work that writes to
 * one place in the checkout. A lock whose holder is gone is taken over.
 *
 * @param file - the lock; its folder must exist
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
): Promise<T> {
  while (!tryLock(file)) {
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  const release = () => fs.rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryLock(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  const holder = Number(readIfPresent(file));
  // An empty file is one that its holder is just about to write.
  if (holder && !isAlive(holder)) {
    fs.rmSync(file, { force: true });
  }
  return false;
}

function readIfPresent(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // Given free in between.
  }
}
