import type { SchedulerService } from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { DatabaseFailuresStore } from '../DatabaseFailuresStore';

const TASK_ID = 'pipelines-prune-failure-counts';
/** Rows that are deleted in one statement. */
const BATCH = 5_000;

/** Deletes the counts of occurrences that nobody can ask for any more, every hour; failures stay. */
export class PruneFailureCountsTask {
  readonly #store: DatabaseFailuresStore;

  constructor(options: { store: DatabaseFailuresStore }) {
    this.#store = options.store;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { hours: 1 },
      timeout: { minutes: 10 },
      initialDelay: { minutes: 2 },
      fn: signal => this.run(signal),
    });
  }

  /** Deletes until nothing is left whose time is over. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      let deleted = BATCH;
      while (deleted === BATCH && !signal?.aborted) {
        deleted = await this.#store.pruneCounts(BATCH);
      }
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }
}
