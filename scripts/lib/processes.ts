import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const DEFAULT_STOP_GRACE_MS = 15_000;
const LAST_WORDS_MS = 500;
const KEPT_LOG_CHARACTERS = 200_000;

const livingGroups = new Set<number>();
process.on('exit', () => livingGroups.forEach(killGroup));

/** How a process ended. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What to start, see `startProcess`. */
export interface StartProcessOptions {
  /** A word for people, such as `portal`. */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** User and group, when it may not run as root. */
  identity?: { uid: number; gid: number };
  /** Everything that it prints is appended here. */
  logFile?: string;
  /** Called with each whole line that it prints. */
  onLine?: (line: string) => void;
}

/** A process in a group of its own, so that Ctrl-C reaches it only through us. */
export interface ManagedProcess {
  name: string;
  pid: number;
  /** Resolves when it has ended, never rejects. */
  exited: Promise<ProcessExit>;
  hasExited(): boolean;
  /** The last part of what it printed. */
  log(): string;
  /** Sends one signal to the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end with `signal` (SIGTERM), kills its group after the grace. */
  stop(options?: {
    signal?: NodeJS.Signals;
    graceMs?: number;
  }): Promise<ProcessExit>;
}

/**
 * Starts a process in a group of its own.
 *
 * @remarks
 * Its file descriptor 3 is a pipe from us: programs that read it (see
 * `exit-with-parent.cjs`) end when we die without having stopped them. The
 * launcher that handed over to us is told the group too and kills what is left.
 */
export async function startProcess(
  options: StartProcessOptions,
): Promise<ManagedProcess> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    ...options.identity,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<ProcessExit>(resolve => {
    child.once('error', () => resolve({ code: 1, signal: null }));
    child.once('exit', (code, signal) => {
      const settle = () => resolve({ code, signal });
      // Its last words come after its end, unless a grandchild holds the pipe.
      child.once('close', settle);
      setTimeout(settle, LAST_WORDS_MS);
    });
  });
  const log = collectLog(child, options);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.stdio[3]?.on('error', () => {}); // It breaks when the child ends first.

  const pid = child.pid!;
  keepTrack(pid, exited);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name: options.name,
    pid,
    exited,
    hasExited,
    log,
    kill: signal => void child.kill(signal),
    stop: async ({
      signal = 'SIGTERM',
      graceMs = DEFAULT_STOP_GRACE_MS,
    } = {}) => {
      if (!hasExited()) {
        child.kill(signal);
        await endedWithin(exited, graceMs);
      }
      killGroup(pid);
      return await exited;
    },
  };
}

/** Whether a process with this pid exists, zombies excluded where we can tell. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return readProcState(pid) !== 'Z';
}

/** The command line of a process; undefined when it is gone. */
export async function readCommandLine(
  pid: number,
): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const line = await fs.promises
      .readFile(`/proc/${pid}/cmdline`, 'utf8')
      .catch(() => '');
    return line.split('\0').join(' ').trim() || undefined;
  }
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'command=',
    '-p',
    String(pid),
  ]).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}

/** Kills a process and everything in its group; no error when it is gone. */
export function killGroup(pid: number): void {
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(pid), '/f', '/t'], () => {});
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** Whether the promise resolved in time. */
export async function endedWithin(
  ended: Promise<unknown>,
  milliseconds: number,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([ended.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** So that nothing outlives us, nor our launcher when we are killed. */
function keepTrack(pid: number, exited: Promise<unknown>): void {
  livingGroups.add(pid);
  process.send?.({ started: pid });
  exited.then(() => {
    livingGroups.delete(pid);
    if (process.connected) {
      process.send?.({ ended: pid });
    }
  });
}

function readProcState(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return undefined;
  }
}

function collectLog(child: ChildProcess, options: StartProcessOptions) {
  if (options.logFile) {
    fs.mkdirSync(path.dirname(options.logFile), { recursive: true });
  }
  let kept = '';
  const keep = (text: string) => {
    kept = (kept + text).slice(-KEPT_LOG_CHARACTERS);
    if (options.logFile) {
      fs.appendFileSync(options.logFile, text);
    }
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', keep);
    createInterface({ input: stream }).on('line', line =>
      options.onLine?.(line),
    );
  }
  return () => kept;
}
