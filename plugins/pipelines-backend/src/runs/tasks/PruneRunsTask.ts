import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { Knex } from 'knex';
import { dropOldPartitions } from '../operations/dropOldPartitions';
import { pruneKeys } from '../operations/pruneKeys';
import { pruneRuns } from '../operations/pruneRuns';

const TASK_ID = 'pipelines-prune-runs';
const DAY_MS = 86_400_000;
/** How long an idempotency key makes a submit repeatable. */
const KEY_RETENTION_MS = 7 * DAY_MS;
/** Whole runs deleted in one transaction; more would hold their locks for too long. */
const RUNS_BATCH = 50;
const KEYS_BATCH = 1_000;

/** How long runs are kept when the configuration does not say. */
export const DEFAULT_RUN_RETENTION_MS = 400 * DAY_MS;
/** How long logs are kept when the configuration does not say. */
export const DEFAULT_LOG_RETENTION_MS = 30 * DAY_MS;

/** Deletes runs, logs and idempotency keys whose time is over, every hour, in small batches. */
export class PruneRunsTask {
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #runRetentionMs: number;
  readonly #logRetentionMs: number;
  readonly #removeFiles: (runIds: readonly string[]) => Promise<void>;

  constructor(options: {
    knex: Knex;
    logger: LoggerService;
    /** Default 400 days. */
    runRetentionMs?: number;
    /** Default 30 days. */
    logRetentionMs?: number;
    /** Removes what these runs have outside of the database, before they are deleted. */
    removeFiles: (runIds: readonly string[]) => Promise<void>;
  }) {
    this.#knex = options.knex;
    this.#logger = options.logger;
    this.#runRetentionMs = options.runRetentionMs ?? DEFAULT_RUN_RETENTION_MS;
    this.#logRetentionMs = options.logRetentionMs ?? DEFAULT_LOG_RETENTION_MS;
    this.#removeFiles = options.removeFiles;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { hours: 1 },
      timeout: { minutes: 50 },
      initialDelay: { minutes: 1 },
      fn: signal => this.run(signal),
    });
  }

  /** Deletes until nothing is left whose time is over. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      await this.#dropPartitions();
      const runs = await this.#inBatches(RUNS_BATCH, signal, limit =>
        pruneRuns({
          knex: this.#knex,
          olderThan: new Date(Date.now() - this.#runRetentionMs),
          limit,
          removeFiles: this.#removeFiles,
        }),
      );
      const keys = await this.#inBatches(KEYS_BATCH, signal, limit =>
        pruneKeys({
          knex: this.#knex,
          olderThan: new Date(Date.now() - KEY_RETENTION_MS),
          limit,
        }),
      );
      this.#logger.debug(`Pruned ${runs} runs and ${keys} idempotency keys`);
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }

  async #dropPartitions(): Promise<void> {
    const dropped = [
      ...(await dropOldPartitions({
        knex: this.#knex,
        parent: 'log_chunks',
        unit: 'week',
        olderThan: new Date(Date.now() - this.#logRetentionMs),
      })),
      ...(await dropOldPartitions({
        knex: this.#knex,
        parent: 'run_events',
        unit: 'month',
        olderThan: new Date(Date.now() - this.#runRetentionMs),
      })),
    ];
    for (const name of dropped) {
      this.#logger.info(`Dropped partition '${name}', whose time is over`);
    }
  }

  async #inBatches(
    limit: number,
    signal: AbortSignal | undefined,
    prune: (limit: number) => Promise<number>,
  ): Promise<number> {
    let total = 0;
    for (let pruned = limit; pruned >= limit && !signal?.aborted; ) {
      pruned = await prune(limit);
      total += pruned;
    }
    return total;
  }
}
