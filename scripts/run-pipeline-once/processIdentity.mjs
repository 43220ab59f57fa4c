// @ts-check
import fs from 'node:fs';
import os from 'node:os';

const START_TICKS_FIELD = 19;

/**
 * Names one process: a pid alone is given to another one sooner or later.
 *
 * @typedef {object} ProcessIdentity
 * @property {string} host
 * @property {number} pid
 * @property {string} [started] when, in words of the system; absent where that cannot be known
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity}
 */
export function identityOf(pid) {
  return { host: os.hostname(), pid, started: startOf(pid) };
}

/**
 * Whether a process may be alive. Of another machine, whose processes cannot be seen, it may.
 *
 * @param {ProcessIdentity} identity
 */
export function mayBeAlive({ host, pid, started }) {
  if (host !== os.hostname()) {
    return true;
  }
  if (started !== undefined) {
    return startOf(pid) === started;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {number} pid */
function startOf(pid) {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}/${fields[START_TICKS_FIELD]}`;
  } catch {
    return undefined;
  }
}
