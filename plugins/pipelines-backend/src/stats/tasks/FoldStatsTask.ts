import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { Knex } from 'knex';
import { foldDeltas } from '../operations/foldDeltas';

const TASK_ID = 'pipelines-fold-stats';
/** Deltas moved in one transaction; more would hold row locks for too long. */
const BATCH_SIZE = 20_000;

/** Moves the deltas of ended runs into the roll-ups every 15 seconds. */
export class FoldStatsTask {
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #timezone: string;

  constructor(options: {
    knex: Knex;
    logger: LoggerService;
    timezone: string;
  }) {
    this.#knex = options.knex;
    this.#logger = options.logger;
    this.#timezone = options.timezone;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { seconds: 15 },
      timeout: { minutes: 5 },
      initialDelay: { seconds: 5 },
      fn: signal => this.run(signal),
    });
  }

  /** Folds until nothing is left. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      let moved = BATCH_SIZE;
      while (moved === BATCH_SIZE && !signal?.aborted) {
        moved = await foldDeltas({
          knex: this.#knex,
          timezone: this.#timezone,
          limit: BATCH_SIZE,
        });
        this.#logger.debug(`Folded ${moved} ended runs into the statistics`);
      }
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }
}
