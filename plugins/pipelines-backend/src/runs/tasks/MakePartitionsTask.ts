import type { SchedulerService } from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { Knex } from 'knex';

const TASK_ID = 'pipelines-make-partitions';
/** Any number that nobody else uses: two processes must not make the same partition at once. */
const LOCK_KEY = 7_219_551;

/** Makes the partitions of events and logs ahead of time, at start and every hour. */
export class MakePartitionsTask {
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

  /** Makes those that are missing. */
  async run(): Promise<void> {
    try {
      await this.#knex.transaction(async trx => {
        await trx.raw('select pg_advisory_xact_lock(?)', [LOCK_KEY]);
        await trx.raw(
          `select millrace_make_partitions('run_events', 'month', 2)`,
        );
        await trx.raw(
          `select millrace_make_partitions('log_chunks', 'week', 4)`,
        );
      });
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }
}
