// @ts-check
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/**
 * A pipe for the output of a command, as a shell makes one. What Node makes are sockets, which
 * `> /dev/stderr` in a script cannot open.
 *
 * @returns {{ write: number, source: net.Socket } | undefined} undefined where there are none
 */
export function makePipe() {
  const fifo = path.join(os.tmpdir(), `run-pipeline-once-${randomUUID()}`);
  try {
    execFileSync('mkfifo', ['-m', '600', fifo], { stdio: 'ignore' });
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;
    const read = fs.openSync(fifo, O_RDONLY | O_NONBLOCK);
    const write = fs.openSync(fifo, O_WRONLY);
    return {
      write,
      source: new net.Socket({ fd: read, readable: true, writable: false }),
    };
  } catch {
    return undefined;
  } finally {
    fs.rmSync(fifo, { force: true });
  }
}
