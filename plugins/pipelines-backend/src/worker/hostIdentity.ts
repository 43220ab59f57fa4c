import { readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
import type { HostIdentity } from '../queue';

/** Where a process runs, for systems that do not tell. */
const UNKNOWN_BOOT_ID = 'unknown';

/** Fields of `/proc/<pid>/stat` after the name of the command, counted from 0. */
const STATE_FIELD = 0;
const START_TICKS_FIELD = 19;

/** States of processes that are dead but not yet forgotten. */
const DEAD_STATES = ['Z', 'X', 'x'];

/**
 * The host, its boot, and the space of process ids that this process sees.
 *
 * @remarks
 * Containers on one host share its boot id but not the meaning of a process id, so both make
 * up `bootId`.
 */
export async function readHostIdentity(): Promise<HostIdentity> {
  try {
    const [boot, pidSpace] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
    ]);
    return { host: os.hostname(), bootId: `${boot.trim()}/${pidSpace}` };
  } catch {
    return { host: os.hostname(), bootId: UNKNOWN_BOOT_ID };
  }
}

/** When the process started, in clock ticks since boot; undefined when it is dead or unknown. */
export async function readStartTicks(pid: number): Promise<number | undefined> {
  const fields = await readStat(pid);
  return fields && !DEAD_STATES.includes(fields[STATE_FIELD])
    ? Number(fields[START_TICKS_FIELD])
    : undefined;
}

/**
 * Whether the very process is alive that had this id when it started: ids are used again.
 *
 * @remarks
 * Without start ticks, on systems that do not tell, the id alone must do.
 */
export async function isProcessAlive(process: {
  pid: number;
  pidStartTicks?: number;
}): Promise<boolean> {
  return process.pidStartTicks === undefined
    ? hasProcess(process.pid)
    : (await readStartTicks(process.pid)) === process.pidStartTicks;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function readStat(pid: number): Promise<string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may itself contain some.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
