import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { callFunction } from './callFunction';

/** How many batches are under way at once; more would only be smaller. */
const MAX_UNDER_WAY = 2;

/** Most requests of one batch. */
const MAX_BATCH = 100;

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
 * A request goes out at once when nothing is under way. Those that come meanwhile go together in
 * the next statement, so a worker that is busy pays for few commits and one that is not never
 * waits. What a batch has left alone, or the whole of one that failed, is asked for once more, each
 * by itself: nobody suffers from a neighbour whose run is locked or refused.
 */
export class AttemptBatches<TAnswer> {
  readonly #knex: Knex;
  readonly #name: BatchFunction;
  #waiting: Waiting<TAnswer>[] = [];
  #underWay = 0;

  constructor(options: { knex: Knex; name: BatchFunction }) {
    this.#knex = options.knex;
    this.#name = options.name;
  }

  /** Resolves with what the function answers for this run; undefined when it left it alone. */
  call(request: AttemptRequest): Promise<TAnswer | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#underWay >= MAX_UNDER_WAY || this.#waiting.length === 0) {
      return;
    }
    const batch = this.#take();
    this.#underWay += 1;
    this.#send(batch).finally(() => {
      this.#underWay -= 1;
      this.#next();
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
    const answers = batch.length > 1 ? await this.#tryTogether(batch) : {};
    await Promise.all(
      batch.map(async ({ request, resolve, reject }) => {
        const answer = answers[request.runId];
        if (answer !== undefined) {
          resolve(answer);
          return;
        }
        await callForOne<TAnswer>(this.#knex, this.#name, request).then(
          resolve,
          reject,
        );
      }),
    );
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
