import type { LoggerService } from '@backstage/backend-plugin-api';
import { Loop } from '../Loop';
import type { RunQueue } from '../types';

const SWEEP_EVERY_MS = [1_500, 2_500] as const;

/**
 * Ends attempts whose lease is over, every two seconds, in every process.
 *
 * @remarks
 * Not a task of the scheduler: that would stay blocked for its whole timeout after a process
 * died while it ran, and recovery must not wait for that.
 */
export class SweepLeasesTask {
  readonly #loop: Loop;

  constructor(options: { queue: RunQueue; logger: LoggerService }) {
    const { queue, logger } = options;
    this.#loop = new Loop({
      everyMs: SWEEP_EVERY_MS,
      round: async () => {
        const swept = await queue.sweep();
        if (swept > 0) {
          logger.warn(`Ended ${swept} attempts whose worker was not heard of`);
        }
      },
      onError: error =>
        logger.warn(`Expired leases could not be looked for: ${error}`),
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
