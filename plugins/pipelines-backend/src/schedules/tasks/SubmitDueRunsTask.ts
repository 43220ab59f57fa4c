import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { CronPattern, type PipelineDefinition } from '../../definitions';
import type {
  DatabaseSchedulesStore,
  Schedule,
} from '../DatabaseSchedulesStore';
import { dueStart } from '../dueStart';

const TASK_ID = 'pipelines-submit-due-runs';

/** What the schedules need of the rooms that know of runs. */
export interface RunSubmitter {
  submitScheduledRun(options: {
    pipelineId: string;
    /** The planned start; the same start submits only one run, whoever asks. */
    startAt: Date;
  }): Promise<void>;
}

/**
 * Submits the runs of cron schedules.
 *
 * @remarks
 * Each start is submitted with an idempotency key of its own, so that two processes, or one
 * that dies between submitting and recording, make one run of it.
 */
export class SubmitDueRunsTask {
  readonly #store: DatabaseSchedulesStore;
  readonly #runs: RunSubmitter;
  readonly #logger: LoggerService;
  readonly #schedules: { schedule: Schedule; pattern: CronPattern }[];

  constructor(options: {
    store: DatabaseSchedulesStore;
    runs: RunSubmitter;
    definitions: readonly PipelineDefinition[];
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#runs = options.runs;
    this.#logger = options.logger;
    this.#schedules = options.definitions.flatMap(({ id, schedule }) =>
      schedule
        ? [
            {
              schedule: { pipelineId: id, ...schedule },
              pattern: new CronPattern(schedule),
            },
          ]
        : [],
    );
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    if (this.#schedules.length === 0) {
      return;
    }
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { seconds: 5 },
      timeout: { minutes: 1 },
      // A global task stays blocked for its timeout when a process dies; the keys make local safe.
      scope: 'local',
      fn: () => this.run(),
    });
  }

  /** Submits what is due; one schedule that fails does not hold up the others. */
  async run(): Promise<void> {
    for (const { schedule, pattern } of this.#schedules) {
      try {
        await this.#serve(schedule, pattern);
      } catch (error) {
        this.#logger.error(
          `The schedule of pipeline '${schedule.pipelineId}' could not be served; it is tried again`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  async #serve(schedule: Schedule, pattern: CronPattern): Promise<void> {
    const { servedUntil, now } = await this.#store.read(schedule);
    const startAt = dueStart(pattern, servedUntil, now);
    if (startAt) {
      await this.#runs.submitScheduledRun({
        pipelineId: schedule.pipelineId,
        startAt,
      });
      await this.#store.markServed(schedule.pipelineId, startAt);
    }
  }
}
