import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pids of live processes that carry the tag of a run. */
export function taggedProcesses(runId: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && hasTag(pid, runId) && isRunning(pid));
}

/** Whether a process is there and not a zombie. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Memory of a process that is its own, not mapped from files, in KiB; NaN when it has ended. */
export function ownMemoryKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]);
}

/** Looks again and again until a condition holds; fails with its description after `ms`. */
export async function eventually(
  description: string,
  condition: () => boolean,
  ms = 10_000,
): Promise<void> {
  const until = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > until) {
      throw new Error(`It did not happen within ${ms} ms that ${description}`);
    }
    await sleep(10);
  }
}

/** Pids of the shims of an engine that have prepared themselves. */
export function waitingShims(workRoot: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && holdsFileIn(pid, workRoot) && isRunning(pid));
}

function holdsFileIn(pid: number, folder: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`))
      .some(target => target.startsWith(folder));
  } catch {
    return false;
  }
}

function hasTag(pid: number, runId: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return `\0${environment}`.includes(`\0MILLRACE_RUN_ID=${runId}\0`);
  } catch {
    return false;
  }
}
