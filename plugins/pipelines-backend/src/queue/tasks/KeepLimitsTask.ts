import type { LoggerService } from '@backstage/backend-plugin-api';
import type { PipelineDefinition } from '../../definitions';
import { Loop } from '../Loop';
import type { QueueService } from '../QueueService';

const RECOUNT_EVERY_MS = [50_000, 70_000] as const;

/** Where the limits come from, and who says that they have changed. */
export interface LimitDefinitions {
  list(): PipelineDefinition[];
  portalSettings(): { concurrency?: number };
  /** Calls the listener after each change until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/**
 * Writes the limits that settings ask for, at start and whenever they have changed, and counts
 * again what they count, every minute in every process, so that a leaked place heals.
 */
export class KeepLimitsTask {
  readonly #service: QueueService;
  readonly #definitions: LimitDefinitions;
  readonly #loop: Loop;
  #isChanged = false;
  #unsubscribe: (() => void) | undefined;

  private constructor(options: {
    service: QueueService;
    definitions: LimitDefinitions;
    logger: LoggerService;
    everyMs?: readonly [number, number];
  }) {
    const { logger, everyMs = RECOUNT_EVERY_MS } = options;
    this.#service = options.service;
    this.#definitions = options.definitions;
    this.#loop = new Loop({
      everyMs,
      round: async () => {
        if (this.#isChanged) {
          await this.#sync();
        }
        const healed = await this.#service.recountLimits();
        if (healed > 0) {
          logger.warn(`Mended ${healed} counts of active runs that were wrong`);
        }
      },
      onError: error =>
        logger.warn(`Limits of the queue could not be kept: ${error}`),
    });
  }

  /**
   * Writes the limits, so that nothing is claimed without them.
   *
   * @param options - `everyMs`: least and most time between two counts; default about a minute
   */
  static async create(options: {
    service: QueueService;
    definitions: LimitDefinitions;
    logger: LoggerService;
    everyMs?: readonly [number, number];
  }): Promise<KeepLimitsTask> {
    const task = new KeepLimitsTask(options);
    await task.#sync();
    return task;
  }

  start(): void {
    this.#unsubscribe ??= this.#definitions.subscribe(() => {
      this.#isChanged = true;
      this.#loop.wake();
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
  }

  async #sync(): Promise<void> {
    this.#isChanged = false;
    try {
      await this.#service.syncLimits({
        total: this.#definitions.portalSettings().concurrency,
        pipelines: this.#definitions.list(),
      });
    } catch (error) {
      this.#isChanged = true;
      throw error;
    }
  }
}
