import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { DefinitionsService } from '../../definitions';
import type { ScheduledDefinition, ScheduleServer } from '../ScheduleServer';

const TASK_ID = 'pipelines-submit-due-runs';

/** Submits the runs of cron schedules, every 5 s, as the settings say at that time. */
export class SubmitDueRunsTask {
  readonly #server: ScheduleServer;
  readonly #definitions: Pick<DefinitionsService, 'list'>;

  constructor(options: {
    server: ScheduleServer;
    definitions: Pick<DefinitionsService, 'list'>;
  }) {
    this.#server = options.server;
    this.#definitions = options.definitions;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { seconds: 5 },
      timeout: { minutes: 1 },
      // A global task stays blocked for its timeout when a process dies; the locks make local safe.
      scope: 'local',
      fn: () => this.run(),
    });
  }

  /** Submits what is due. */
  async run(): Promise<void> {
    const scheduled = this.#definitions.list().filter(isScheduled);
    if (scheduled.length > 0) {
      await this.#server.serve(scheduled);
    }
  }
}

function isScheduled(
  definition: ReturnType<DefinitionsService['list']>[number],
): definition is ScheduledDefinition {
  return definition.schedule !== undefined;
}
