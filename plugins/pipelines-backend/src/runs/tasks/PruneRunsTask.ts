import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ForwardedError } from '@backstage/errors';
import type { Knex } from 'knex';
import { dropOldPartitions } from '../operations/dropOldPartitions';
import {
  listExpiredArtifacts,
  listExpiredLogs,
} from '../operations/listExpired';
import { pruneKeys } from '../operations/pruneKeys';
import { pruneRuns } from '../operations/pruneRuns';
import { readTime } from '../operations/readTime';
import { removeArtifacts } from '../operations/removeArtifacts';
import { removeLog } from '../operations/removeLog';
import {
  DEFAULT_RETENTION,
  logsFrom,
  type PipelineRetention,
  type Retention,
} from '../retention';

const TASK_ID = 'pipelines-prune-runs';
const DAY_MS = 86_400_000;
/** How long an idempotency key makes a submit repeatable. */
const KEY_RETENTION_DAYS = 7;
/** Whole runs deleted in one transaction; more would hold their locks for too long. */
const RUNS_BATCH = 50;
const KEYS_BATCH = 1_000;
/** Runs of one pipeline that are looked at in one query. */
const EXPIRED_BATCH = 50;

/** What {@link PruneRunsTask} needs. */
export interface PruneRunsTaskOptions {
  knex: Knex;
  logger: LoggerService;
  /** How long things are kept now; default runs 400 days, logs 30 days. */
  retention?: () => Retention;
  /** Removes what these runs have outside of the database, before it is forgotten. */
  removeFiles: (runIds: readonly string[]) => Promise<void>;
}

/**
 * Deletes runs, logs, artifacts and idempotency keys whose time is over, every hour, in small
 * batches.
 *
 * @remarks
 * Logs of the portal go by partition, a week at once; those of a pipeline that keeps them for
 * a shorter time go run by run, and so do its artifacts.
 */
export class PruneRunsTask {
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #retention: () => Retention;
  readonly #removeFiles: PruneRunsTaskOptions['removeFiles'];

  constructor(options: PruneRunsTaskOptions) {
    this.#knex = options.knex;
    this.#logger = options.logger;
    this.#retention = options.retention ?? (() => DEFAULT_RETENTION);
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

  /** Deletes until nothing is left whose time is over; one part that fails holds up no other. */
  async run(signal?: AbortSignal): Promise<void> {
    const now = await readTime(this.#knex);
    const retention = this.#retention();
    const parts = [
      () => this.#dropPartitions(now, retention),
      ...retention.pipelines.flatMap(pipeline => [
        () => this.#removeLogs(now, retention, pipeline, signal),
        () => this.#removeArtifacts(now, pipeline, signal),
      ]),
      () => this.#pruneRuns(now, retention, signal),
      () => this.#pruneKeys(now, signal),
    ];
    const errors: unknown[] = [];
    for (const part of parts) {
      await part().catch(error => errors.push(error));
    }
    if (errors.length > 0) {
      throw new ForwardedError(
        `Task '${TASK_ID}' failed in ${errors.length} of ${parts.length} parts`,
        errors[0],
      );
    }
  }

  async #pruneRuns(
    now: Date,
    { runDays }: Retention,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const runs = await this.#inBatches(RUNS_BATCH, signal, limit =>
      pruneRuns({
        knex: this.#knex,
        olderThan: daysBefore(now, runDays),
        limit,
        removeFiles: this.#removeFiles,
      }),
    );
    this.#logger.debug(`Pruned ${runs} runs`);
  }

  async #pruneKeys(now: Date, signal: AbortSignal | undefined): Promise<void> {
    const keys = await this.#inBatches(KEYS_BATCH, signal, limit =>
      pruneKeys({
        knex: this.#knex,
        olderThan: daysBefore(now, KEY_RETENTION_DAYS),
        limit,
      }),
    );
    this.#logger.debug(`Pruned ${keys} idempotency keys`);
  }

  async #dropPartitions(now: Date, retention: Retention): Promise<void> {
    const dropped = [
      ...(await dropOldPartitions({
        knex: this.#knex,
        parent: 'log_chunks',
        unit: 'week',
        olderThan: daysBefore(now, retention.logDays),
      })),
      ...(await dropOldPartitions({
        knex: this.#knex,
        parent: 'run_events',
        unit: 'month',
        olderThan: daysBefore(now, retention.runDays),
      })),
    ];
    for (const name of dropped) {
      this.#logger.info(`Dropped partition '${name}', whose time is over`);
    }
  }

  async #removeLogs(
    now: Date,
    { logDays }: Retention,
    { pipelineId, logDays: days }: PipelineRetention,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (days === undefined) {
      return;
    }
    await this.#forEachExpired(
      signal,
      after =>
        listExpiredLogs({
          knex: this.#knex,
          pipelineId,
          endedBefore: daysBefore(now, days),
          submittedFrom: logsFrom(now, logDays),
          after,
          limit: EXPIRED_BATCH,
        }),
      runId => removeLog({ knex: this.#knex, runId, days }),
    );
  }

  async #removeArtifacts(
    now: Date,
    { pipelineId, artifactDays: days }: PipelineRetention,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (days === undefined) {
      return;
    }
    await this.#forEachExpired(
      signal,
      after =>
        listExpiredArtifacts({
          knex: this.#knex,
          pipelineId,
          endedBefore: daysBefore(now, days),
          after,
          limit: EXPIRED_BATCH,
        }),
      async runId => {
        await this.#removeFiles([runId]);
        await removeArtifacts({ knex: this.#knex, runId, days });
      },
    );
  }

  async #forEachExpired(
    signal: AbortSignal | undefined,
    list: (after: string | undefined) => Promise<string[]>,
    remove: (runId: string) => Promise<void>,
  ): Promise<void> {
    let runIds: string[];
    let after: string | undefined;
    do {
      runIds = await list(after);
      for (const runId of runIds) {
        if (signal?.aborted) {
          return;
        }
        await remove(runId);
      }
      after = runIds.at(-1);
    } while (runIds.length === EXPIRED_BATCH);
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

function daysBefore(time: Date, days: number): Date {
  return new Date(time.getTime() - days * DAY_MS);
}
