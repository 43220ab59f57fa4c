import { once } from 'node:events';
import type { TestPortal } from '../../harness/index.ts';
import { until } from '../../harness/index.ts';

/**
 * Evaluates an expression in a backend through its debugger; resolves when that is done.
 *
 * @remarks
 * The backend must have been started with `debuggable`, so that SIGUSR1 opens the debugger
 * on a free port.
 */
export async function evaluateInBackend(
  portal: TestPortal,
  expression: string,
): Promise<void> {
  portal.kill('SIGUSR1');
  const url = await until(
    () => /Debugger listening on (ws:\S+)/.exec(portal.log())?.[1],
    { what: 'the debugger to listen' },
  );
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send(
    JSON.stringify({
      id: 1,
      method: 'Runtime.evaluate',
      params: { expression },
    }),
  );
  await once(socket, 'message');
  socket.close();
}

/** Blocks the event loop of a backend; resolves when it goes on. */
export async function blockEventLoop(
  portal: TestPortal,
  milliseconds: number,
): Promise<void> {
  await evaluateInBackend(
    portal,
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})`,
  );
}

/** Puts the clock of a backend forward, as it reads it. */
export async function putClockForward(
  portal: TestPortal,
  milliseconds: number,
): Promise<void> {
  await evaluateInBackend(
    portal,
    `{ const now = Date.now; Date.now = () => now() + ${milliseconds}; }`,
  );
}
