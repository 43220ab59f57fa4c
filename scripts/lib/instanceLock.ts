import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { isAlive, readCommandLine } from './processes.ts';

const PROGRAM = 'scripts/start/main.ts';

/**
 * Makes sure that one start at a time uses a data directory.
 *
 * @returns a function that gives the directory free again
 * @throws a `Failure` that names the other one
 */
export async function lockInstance(dataDirectory: string): Promise<() => void> {
  const file = path.join(dataDirectory, 'start.pid');
  const other = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  const isOurs = other && other !== process.pid && isAlive(other);
  if (isOurs && (await readCommandLine(other))?.includes(PROGRAM)) {
    throw new Failure(
      `Millrace already runs on ${dataDirectory} (process ${other}).`,
      {
        wayOut: `Stop it with Ctrl-C there, or: kill ${other}`,
      },
    );
  }
  fs.writeFileSync(file, String(process.pid));
  return () => fs.rmSync(file, { force: true });
}
