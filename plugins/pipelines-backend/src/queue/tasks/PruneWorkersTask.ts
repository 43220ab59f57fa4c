import type { SchedulerService } from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { Knex } from 'knex';
import { pruneWorkers } from '../operations/pruneWorkers';

const TASK_ID = 'pipelines-prune-workers';

/** Forgets workers a day after their last heartbeat. */
export class PruneWorkersTask {
  readonly #knex: Knex;

  constructor(options: { knex: Knex }) {
    this.#knex = options.knex;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { hours: 1 },
      timeout: { minutes: 5 },
      fn: () => this.run(),
    });
  }

  async run(): Promise<void> {
    try {
      await pruneWorkers({ knex: this.#knex });
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }
}
