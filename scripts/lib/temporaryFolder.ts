import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
// Its hook on exit ends what still writes into the folder, so it comes first.
import './processes.ts';

/** A folder that is deleted by `remove`, and when we end. */
export interface TemporaryFolder {
  path: string;
  remove(): void;
}

/** Makes a folder whose name begins with `millrace-<purpose>-`. */
export function makeTemporaryFolder(purpose: string): TemporaryFolder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `millrace-${purpose}-`));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path: folder,
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
