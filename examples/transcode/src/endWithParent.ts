import { spawn } from 'node:child_process';

// The signals of a cancelled run reach the whole group and must not end the guard before its time
const GUARD = `trap '' HUP INT TERM; read -r _; kill -KILL "$0"`;

/**
 * Makes sure that process `pid` ends when this process is killed outright, which leaves it no time
 * to do so itself. ffmpeg would go on: it neither reads its input nor minds a closed output.
 *
 * @returns a function that lifts the guard, to be called as soon as the process has ended.
 *
 * @remarks
 * A shell waits on a pipe that closes with this process, in whatever way that ends. Where there is
 * no POSIX shell there is no guard.
 */
export function endWithParent(pid: number): () => Promise<void> {
  const guard = spawn('sh', ['-c', GUARD, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>(resolve => {
    guard.once('error', () => resolve());
    guard.once('exit', () => resolve());
  });
  return async () => {
    guard.kill('SIGKILL');
    await ended;
  };
}
