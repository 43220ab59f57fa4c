import fs from 'node:fs';

const PARENT_FIELD = 1;
const START_TICKS_FIELD = 19;
const BYTES_PER_KIB = 1_024;

/** When a process was started, in clock ticks since boot. */
export function startTicksOf(pid: number): string {
  return statOf(pid)[START_TICKS_FIELD];
}

/** The memory of a process that is in RAM, in bytes. */
export function residentBytes(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * BYTES_PER_KIB;
}

/** The shims of a backend that wait for a command. */
export function idleShimsOf(backendPid: number): number[] {
  const pids = fs
    .readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(pids.map(pid => [pid, parentOf(pid)]));
  const busy = new Set(parents.values());
  return pids.filter(
    pid => parents.get(pid) === backendPid && !busy.has(pid) && isShim(pid),
  );
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has.
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[PARENT_FIELD]);
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

function isShim(pid: number): boolean {
  try {
    return fs
      .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .includes('shim/main.js');
  } catch {
    return false;
  }
}

function statOf(pid: number): string[] {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
