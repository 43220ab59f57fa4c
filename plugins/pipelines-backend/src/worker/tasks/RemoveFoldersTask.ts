import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';

const TASK_ID = 'pipelines-remove-folders';
/** Whoever ended the attempt may be in the middle of removing its folder. */
const MIN_AGE_MS = 60 * 60 * 1_000;
const BATCH = 1_000;

interface AttemptId {
  runId: string;
  attempt: number;
}

/** What a {@link RemoveFoldersTask} works with. */
export interface RemoveFoldersTaskOptions {
  /** The attempts that have a folder on this machine. */
  listFolders: () => Promise<AttemptId[]>;
  /** Those of them that ended before this time. */
  listEnded: (
    attempts: readonly AttemptId[],
    before: Date,
  ) => Promise<AttemptId[]>;
  removeFolder: (attempt: AttemptId) => Promise<void>;
  logger: LoggerService;
}

/**
 * Removes folders of attempts that ended without their worker: it died, it lost the lease, or
 * the answer of the database to its last word was lost.
 *
 * @remarks
 * Folders of attempts that the database does not know are left alone: they may be those of
 * another portal on this machine.
 */
export class RemoveFoldersTask {
  readonly #options: RemoveFoldersTaskOptions;

  constructor(options: RemoveFoldersTaskOptions) {
    this.#options = options;
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: TASK_ID,
      frequency: { hours: 1 },
      timeout: { minutes: 30 },
      initialDelay: { minutes: 1 },
      // Folders are on this machine's disk, so each process looks after its own.
      scope: 'local',
      fn: () => this.run(),
    });
  }

  /** Removes every one whose attempt is over for an hour. */
  async run(): Promise<void> {
    const { listFolders, listEnded, removeFolder, logger } = this.#options;
    try {
      const folders = await listFolders();
      const before = new Date(Date.now() - MIN_AGE_MS);
      for (let start = 0; start < folders.length; start += BATCH) {
        const batch = folders.slice(start, start + BATCH);
        for (const attempt of await listEnded(batch, before)) {
          await removeFolder(attempt);
          logger.info(
            `Removed the folder of attempt ${attempt.attempt} of run '${attempt.runId}', which nobody needs any more`,
          );
        }
      }
    } catch (error) {
      throw new ForwardedError(`Task '${TASK_ID}' failed`, error);
    }
  }
}
