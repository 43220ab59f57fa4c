import type {
  ClearQueueRequestSchema,
  ClearQueueResponse,
  ListQueuedRunsQuery,
  ListQueuedRunsResponse,
  Pause,
  PauseRequestBodySchema,
  Queue,
  Waiting,
  Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { PipelineDefinition } from '../definitions';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineSet } from '../permissions';
import type { Actor } from '../runs';
import { boundedTransaction } from './boundedTransaction';
import type { QueueDefinitions } from './DatabaseRunQueue';
import { clearQueue } from './operations/clearQueue';
import { drainWorker } from './operations/drainWorker';
import { listQueuedRuns } from './operations/listQueuedRuns';
import { listWorkers } from './operations/listWorkers';
import {
  endPauses,
  listPauses,
  pause,
  resume,
  type PauseTarget,
} from './operations/pauseQueue';
import { listPipelineQueues, readQueue } from './operations/readQueue';
import { differsFrom, maximaOf, syncLimits } from './operations/syncLimits';
import {
  expireQueued,
  recountLimits,
  unparkStrays,
} from './operations/tidyQueue';
import { readWaiting } from './operations/waiting';
import {
  presentQueue,
  presentQueuedRun,
  presentWaiting,
  presentWorker,
} from './present';
import type { QueueControl, QueuePauses } from './types';

const EXPIRE_BATCH = 100;
/** Clearing thousands of runs is one statement per thousand. */
const CLEAR_STATEMENT_TIMEOUT_MS = 60_000;

/** As the database writes a time, whatever the zone of its session. */
const TimeTextSchema = z
  .string()
  .regex(/^[-\d]{8,12} [\d:.]{8,15}[-+][\d:]{2,8}$/);

const QueueCursorSchema = z.strictObject({
  priority: z.int().min(-32_768).max(32_767),
  runAt: TimeTextSchema,
  id: z.uuid(),
  position: z.int().min(1),
});

/** The queue as a whole: limits, pauses, workers, and how it stands; permissions were checked. */
export class QueueService implements QueueControl {
  readonly #knex: Knex;
  readonly #definitions: QueueDefinitions;

  constructor(options: { knex: Knex; definitions: QueueDefinitions }) {
    this.#knex = options.knex;
    this.#definitions = options.definitions;
  }

  async syncLimits(limits: {
    total?: number;
    pipelines: readonly PipelineDefinition[];
  }): Promise<void> {
    const maxima = maximaOf(limits);
    const pipelineIds = limits.pipelines.map(({ id }) => id);
    if (await differsFrom(this.#knex, maxima, pipelineIds)) {
      await boundedTransaction(this.#knex, trx =>
        syncLimits({ trx, maxima, pipelineIds }),
      );
      // An attempt that ended just then may not have seen a limit that has counted it.
      await this.recountLimits();
    }
  }

  pauses(): Promise<QueuePauses> {
    return listPauses(this.#knex);
  }

  async waitingOf(runId: string): Promise<Waiting | undefined> {
    const row = await readWaiting({
      knex: this.#knex,
      runId,
      unpausable: this.#internalIds(),
    });
    return row && presentWaiting(row);
  }

  /**
   * Pauses the queue, or one pipeline; a new pause replaces the one before.
   *
   * @remarks
   * Whatever is started was claimed before this resolves. Our own pipelines, such as bulk actions,
   * go on while the whole queue is paused: what is paused must still be possible to cancel.
   *
   * @throws InputError when it would end before now
   */
  pause(
    options: Omit<PauseTarget, 'reason'> & {
      request: z.output<typeof PauseRequestBodySchema>;
    },
  ): Promise<Pause> {
    return boundedTransaction(this.#knex, trx =>
      pause({ trx, reason: options.request.reason, ...options }),
    );
  }

  /** Ends the pause of the queue, or of one pipeline; nothing happens where there is none. */
  resume(options: PauseTarget): Promise<void> {
    return boundedTransaction(this.#knex, trx => resume({ trx, ...options }));
  }

  /**
   * Cancels the queued runs of these pipelines, or counts them; never those of our own pipelines.
   *
   * @param options - `seen`: pipelines of which queued runs that stay are counted
   * @throws ConflictError when it would be another number than was expected; InputError when it
   * would be more than 10,000
   */
  clear(options: {
    request: z.output<typeof ClearQueueRequestSchema>;
    by: Actor;
    pipelines: PipelineSet;
    seen: PipelineSet;
  }): Promise<ClearQueueResponse> {
    return boundedTransaction(
      this.#knex,
      async trx =>
        clearQueue({
          trx,
          ...options,
          pipelines: await this.#peoplesPipelines(options.pipelines),
          seen: await this.#peoplesPipelines(options.seen),
        }),
      { statementTimeoutMs: CLEAR_STATEMENT_TIMEOUT_MS },
    );
  }

  /**
   * Lets a worker claim nothing more, or claim again; asking again changes nothing.
   *
   * @throws NotFoundError when there is no such worker
   */
  drain(options: {
    workerId: string;
    by: Actor;
    drains: boolean;
  }): Promise<void> {
    return boundedTransaction(this.#knex, trx =>
      drainWorker({ trx, ...options }),
    );
  }

  /** Every worker, newest first, with those of its runs that the caller may see. */
  async listWorkers(readable: PipelineSet): Promise<Worker[]> {
    const rows = await listWorkers({ knex: this.#knex });
    return rows.map(row => presentWorker(row, readable));
  }

  /** How the queue stands, counted over these pipelines. */
  async read(pipelines: PipelineSet): Promise<Queue> {
    const [whole, rows, pauses] = await Promise.all([
      readQueue({ knex: this.#knex, pipelines }),
      listPipelineQueues({ knex: this.#knex, pipelines }),
      this.pauses(),
    ]);
    return presentQueue(whole, rows, pauses, this.#internalIds());
  }

  /** One page of the queued runs of these pipelines, the most urgent first. */
  async listRuns(
    query: Pick<ListQueuedRunsQuery, 'limit' | 'cursor'>,
    pipelines: PipelineSet,
  ): Promise<ListQueuedRunsResponse> {
    const after = query.cursor
      ? decodeCursor(QueueCursorSchema, query.cursor)
      : undefined;
    const rows = await listQueuedRuns({
      knex: this.#knex,
      pipelines,
      after,
      limit: query.limit + 1,
      unpausable: this.#internalIds(),
    });
    const before = after?.position ?? 0;
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map((row, index) =>
        presentQueuedRun(row, before + index + 1),
      ),
      ...(rows.length > query.limit &&
        last && {
          nextCursor: encodeCursor({
            priority: last.priority,
            runAt: last.run_at_text,
            id: last.id,
            position: before + page.length,
          }),
        }),
    };
  }

  /**
   * Does what time brings: ends queued runs that waited too long, puts away pauses that are over,
   * and looks after parked runs that nobody waits for any more.
   *
   * @returns how many runs had waited too long
   */
  async tidy(): Promise<number> {
    await boundedTransaction(this.#knex, endPauses);
    await boundedTransaction(this.#knex, unparkStrays);
    let total = 0;
    for (let ended = EXPIRE_BATCH; ended === EXPIRE_BATCH; total += ended) {
      ended = await boundedTransaction(this.#knex, trx =>
        expireQueued({ trx, limit: EXPIRE_BATCH }),
      );
    }
    return total;
  }

  /** Counts again what limits count, so that a leaked place heals; returns how many were wrong. */
  recountLimits(): Promise<number> {
    return boundedTransaction(this.#knex, recountLimits);
  }

  #internalIds(): string[] {
    return this.#definitions
      .list()
      .filter(({ internal }) => internal)
      .map(({ id }) => id);
  }

  async #peoplesPipelines(pipelines: PipelineSet): Promise<string[]> {
    const internal = this.#internalIds();
    const ids: string[] =
      pipelines === 'all'
        ? await this.#knex('pipelines').pluck('id')
        : [...pipelines];
    return ids.filter(id => !internal.includes(id));
  }
}
