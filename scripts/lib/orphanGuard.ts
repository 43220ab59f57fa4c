import { spawn } from 'node:child_process';

/**
 * Ends a process when we die without having ended it, for programs that cannot
 * watch us themselves (others preload `exit-with-parent.cjs`).
 *
 * @remarks
 * A shell waits for the end of a pipe from us, which the system closes whatever
 * kills us. Not on Windows.
 *
 * @param signal - sent to the process then, without `SIG`
 * @returns a function that takes the guard away; call it once the process has
 *   ended, as its pid may soon belong to another
 */
export function guardAgainstOrphaning(pid: number, signal: string): () => void {
  if (process.platform === 'win32') {
    return () => {};
  }
  const guard = spawn(
    '/bin/sh',
    ['-c', `read -r line; kill -${signal} "$0"`, String(pid)],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.kill('SIGKILL');
}
