import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTransientDatabaseError } from '../database';
import type { SystemHandler, SystemRun } from '../engines';
import { actOnRun, type BulkActors, type StoredBulk } from './actOnRun';
import { DatabaseBulkStore } from './DatabaseBulkStore';
import {
  BulkParametersSchema,
  type BulkItemRow,
  type BulkOutcome,
} from './types';

/** Runs between two reports of progress. */
const BATCH_SIZE = 100;
/** Runs that are acted on at once; each takes a connection of the pool. */
const CONCURRENCY = 4;
/** Before a database that is out of order is asked again. */
const RETRY_DELAY_MS = 500;

/**
 * One attempt to carry out a bulk action.
 *
 * @remarks
 * What is done to a run, and that it is done, are written together: an execution that follows
 * one that died goes on where that one was, and does nothing twice.
 */
export class BulkExecution {
  /** The function behind the pipeline of bulk actions. */
  static createHandler(
    options: BulkActors & { knex: Knex; logger: LoggerService },
  ): SystemHandler {
    const store = new DatabaseBulkStore(options.knex);
    return run => new BulkExecution({ ...options, run, store }).#execute();
  }

  readonly #run: SystemRun;
  readonly #store: DatabaseBulkStore;
  readonly #actors: BulkActors;
  readonly #logger: LoggerService;

  private constructor(
    options: BulkActors & {
      run: SystemRun;
      store: DatabaseBulkStore;
      logger: LoggerService;
    },
  ) {
    this.#run = options.run;
    this.#store = options.store;
    this.#actors = options;
    this.#logger = options.logger;
  }

  async #execute(): Promise<void> {
    const bulk = await this.#patiently(() => this.#read());
    for (let place = 0; ; ) {
      const items = await this.#patiently(() =>
        this.#store.listItems({
          bulkId: bulk.id,
          state: 'pending',
          after: place,
          limit: BATCH_SIZE,
        }),
      );
      const last = items.at(-1);
      if (!last) {
        break;
      }
      await this.#settleAll(bulk, items);
      await this.#reportProgress(bulk);
      place = last.position;
    }
    await this.#reportResult(bulk);
  }

  async #read(): Promise<StoredBulk> {
    const row = await this.#store.read(this.#run.runId);
    if (!row) {
      throw new Error(`Run '${this.#run.runId}' is no bulk action`);
    }
    return {
      id: row.id,
      submittedBy: row.submitted_by,
      parameters: BulkParametersSchema.parse(row.parameters),
    };
  }

  async #settleAll(
    bulk: StoredBulk,
    items: readonly BulkItemRow[],
  ): Promise<void> {
    const lines: string[] = [];
    const waiting = [...items.entries()].reverse();
    const settleSome = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [index, item] = next;
        this.#run.signal.throwIfAborted();
        const outcome = await this.#settle(bulk, item);
        if (outcome) {
          lines[index] = lineOf(bulk, item, outcome);
        }
      }
    };
    const ends = await Promise.allSettled(
      Array.from({ length: CONCURRENCY }, settleSome),
    );
    // What was done before a failure or a cancel is told all the same.
    const text = Object.values(lines).join('\n');
    if (text) {
      await this.#run.log(text);
    }
    for (const end of ends) {
      if (end.status === 'rejected') {
        throw end.reason;
      }
    }
  }

  /** @returns undefined when an execution that overlaps with this one has settled it */
  async #settle(
    bulk: StoredBulk,
    item: BulkItemRow,
  ): Promise<BulkOutcome | undefined> {
    try {
      return await this.#patiently(() =>
        this.#store.settle(item, trx =>
          actOnRun(this.#actors, bulk, item.run_id, { trx }),
        ),
      );
    } catch (error) {
      if (this.#run.signal.aborted) {
        throw error;
      }
      this.#logger.error(
        `Bulk action '${bulk.id}' failed on run '${
          item.run_id
        }': ${stringifyError(error)}`,
      );
      return this.#patiently(() =>
        this.#store.settle(item, async () => ({
          state: 'failed',
          message: 'It failed for a reason that the log of the backend names',
        })),
      );
    }
  }

  async #reportProgress(bulk: StoredBulk): Promise<void> {
    const { pending } = await this.#patiently(() => this.#store.count(bulk.id));
    const { total } = bulk.parameters;
    await this.#run.report({
      type: 'progress',
      progress: (total - pending) / total,
      message: `${total - pending} of ${total}`,
    });
  }

  async #reportResult(bulk: StoredBulk): Promise<void> {
    const { done, skipped, failed } = await this.#patiently(() =>
      this.#store.count(bulk.id),
    );
    const { action, total } = bulk.parameters;
    await this.#run.report({
      type: 'output',
      name: 'bulk',
      json: { action, total, done, skipped, failed },
    });
    await this.#run.report({
      type: 'summary',
      text: `${done} of ${total} runs done, ${skipped} skipped, ${failed} failed`,
    });
  }

  /** Asks again while the database is out of order, until the run is stopped. */
  async #patiently<TResult>(ask: () => Promise<TResult>): Promise<TResult> {
    const { signal } = this.#run;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isTransientDatabaseError(error)) {
          throw error;
        }
        signal.throwIfAborted();
        await sleep(RETRY_DELAY_MS, undefined, { signal });
      }
    }
  }
}

function lineOf(
  { parameters }: StoredBulk,
  item: BulkItemRow,
  { state, message, newRunId }: BulkOutcome,
): string {
  const result = message ?? (newRunId ? `as run ${newRunId}` : undefined);
  return `${parameters.action} ${state}: ${item.title} (${item.run_id})${
    result ? `: ${result}` : ''
  }`;
}
