import { once } from 'node:events';
import type { TestPortal } from '../../harness/index.ts';
import { until } from '../../harness/index.ts';

/**
 * Blocks the event loop of a backend through its debugger; resolves when it goes on.
 *
 * @remarks
 * The backend must have been started with `--inspect-port=0` in NODE_OPTIONS, so that
 * SIGUSR1 opens the debugger on a free port.
 */
export async function blockEventLoop(
  portal: TestPortal,
  milliseconds: number,
): Promise<void> {
  portal.kill('SIGUSR1');
  const url = await until(
    () => /Debugger listening on (ws:\S+)/.exec(portal.log())?.[1],
    { what: 'the debugger to listen' },
  );
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const expression = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})`;
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
