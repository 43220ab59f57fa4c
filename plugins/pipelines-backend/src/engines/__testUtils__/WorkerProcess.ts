import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { JsonObject } from '@backstage/types';
import type { DriverOrder } from './workerDriver';

/** A worker in a process of its own, which a test may kill or freeze. */
export class WorkerProcess {
  /** Resolves when its attempt has started. */
  static async start(order: DriverOrder): Promise<WorkerProcess> {
    const child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        path.join(__dirname, 'workerDriver.ts'),
        JSON.stringify(order),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } },
    );
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`The worker exited with ${code} before it started`);
      }),
    ]);
    return new WorkerProcess(child, order, JSON.parse(line));
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly order: DriverOrder,
    readonly handle: JsonObject & {
      shim: { pid: number; startTicks: string; bootId: string };
      child: { pid: number; startTicks: string; bootId: string };
    },
  ) {}

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
  }

  /** What it had stored. */
  stored(): { text: string; position: number } {
    const file = this.order.sinkFile;
    const lines = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const batches = lines
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as { base64: string; position: number });
    return {
      text: batches
        .map(({ base64 }) => Buffer.from(base64, 'base64').toString())
        .join(''),
      position: batches.at(-1)?.position ?? 0,
    };
  }
}
