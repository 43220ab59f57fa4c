import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import {
  setImmediate as nextTurn,
  setTimeout as sleep,
} from 'node:timers/promises';
import { callFunction } from './callFunction';

/** Most requests of one batch. */
const MAX_BATCH = 100;

/** Longest that somebody waits for a batch that is not theirs, in ms. */
const SETTLE_MS = 20;

/** The functions of the database that take many attempts at once. */
export type BatchFunction = 'millrace_start_attempts' | 'millrace_end_attempts';

/** What a function is asked to do with the attempt of one run. */
export type AttemptRequest = JsonObject & { runId: string };

/** By the id of the run; what the function has left alone is absent. */
type Answers<TAnswer> = { [runId: string]: TAnswer | undefined };

interface Waiting<TAnswer> {
  request: AttemptRequest;
  resolve: (answer: TAnswer | undefined) => void;
  reject: (error: unknown) => void;
}

/** Asks for one attempt, waiting for whoever has its run; in the caller's transaction, if any. */
export async function callForOne<TAnswer>(
  knex: Knex,
  name: BatchFunction,
  request: AttemptRequest,
): Promise<TAnswer | undefined> {
  const answers = await callFunction<Answers<TAnswer>>(knex, name, {
    requests: [request],
    patient: true,
  });
  return answers[request.runId];
}

/**
 * Calls a function of the database for many attempts at once.
 *
 * @remarks
 * One batch is under way at a time, and those that come meanwhile go together in the next: a worker
 * that is busy pays for few commits, and one that is not never waits. What a batch has left alone,
 * or the whole of one that failed, is asked for once more, each by itself and beside the batches:
 * nobody suffers from a neighbour whose run is locked or refused.
 */
export class AttemptBatches<TAnswer> {
  readonly #knex: Knex;
  readonly #name: BatchFunction;
  #waiting: Waiting<TAnswer>[] = [];
  #underWay: Promise<void> | undefined;

  constructor(options: { knex: Knex; name: BatchFunction }) {
    this.#knex = options.knex;
    this.#name = options.name;
  }

  /** Resolves with what the function answers for this run; undefined when it left it alone. */
  call(request: AttemptRequest): Promise<TAnswer | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#begin();
    });
  }

  /** Resolves when the batch that is under way, if any, has been answered, or after a moment. */
  async settled(): Promise<void> {
    // What is resolved in this turn may ask for the next batch.
    await nextTurn();
    if (this.#underWay) {
      const patience = new AbortController();
      await Promise.race([
        this.#underWay,
        sleep(SETTLE_MS, undefined, { signal: patience.signal }).catch(
          () => {},
        ),
      ]);
      patience.abort();
      await nextTurn();
    }
  }

  #begin(): void {
    this.#underWay ??= nextTurn()
      .then(() => this.#send(this.#take()))
      .finally(() => {
        this.#underWay = undefined;
        if (this.#waiting.length > 0) {
          this.#begin();
        }
      });
  }

  /** The first that wait, each run once: of two requests for one run the second sees the first. */
  #take(): Waiting<TAnswer>[] {
    const batch = new Map<string, Waiting<TAnswer>>();
    const later: Waiting<TAnswer>[] = [];
    for (const waiting of this.#waiting) {
      const { runId } = waiting.request;
      if (batch.size < MAX_BATCH && !batch.has(runId)) {
        batch.set(runId, waiting);
      } else {
        later.push(waiting);
      }
    }
    this.#waiting = later;
    return [...batch.values()];
  }

  async #send(batch: Waiting<TAnswer>[]): Promise<void> {
    const answers = await this.#tryTogether(batch);
    for (const { request, resolve, reject } of batch) {
      const answer = answers[request.runId];
      if (answer === undefined) {
        callForOne<TAnswer>(this.#knex, this.#name, request).then(
          resolve,
          reject,
        );
      } else {
        resolve(answer);
      }
    }
  }

  async #tryTogether(batch: Waiting<TAnswer>[]): Promise<Answers<TAnswer>> {
    try {
      return await callFunction<Answers<TAnswer>>(this.#knex, this.#name, {
        requests: batch.map(({ request }) => request),
        patient: false,
      });
    } catch {
      // Whatever is wrong is told to the one whose request it is.
      return {};
    }
  }
}
