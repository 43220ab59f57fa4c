import type { LoggerService } from '@backstage/backend-plugin-api';
import { Loop } from '../Loop';
import type { QueueService } from '../QueueService';

const TIDY_EVERY_MS = [1_500, 2_500] as const;

/** Does what time brings to the queue, every two seconds, in every process. */
export class TidyQueueTask {
  readonly #loop: Loop;

  constructor(options: { service: QueueService; logger: LoggerService }) {
    const { service, logger } = options;
    this.#loop = new Loop({
      everyMs: TIDY_EVERY_MS,
      round: async () => {
        const expired = await service.tidy();
        if (expired > 0) {
          logger.warn(`Ended ${expired} runs that waited too long to start`);
        }
      },
      onError: error =>
        logger.warn(`The queue could not be looked after: ${error}`),
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
