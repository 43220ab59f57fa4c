import path from 'node:path';
import { ROOT } from './toolchain.mjs';

export { ROOT };

/** Where the demo keeps database, artifacts, passwords and logs. */
export const DEFAULT_DATA_DIRECTORY = path.join(ROOT, '.millrace');

/** The absolute path of something in the checkout. */
export function inRoot(...segments: string[]): string {
  return path.join(ROOT, ...segments);
}
