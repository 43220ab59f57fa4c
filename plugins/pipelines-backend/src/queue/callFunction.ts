import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { retryTransaction } from '../database';
import { SET_BOUNDS } from './boundedTransaction';

/** How the functions of the database that do what workers do most are called. */
const CALLS = {
  millrace_claim_runs: 'millrace_claim_runs(request)',
  millrace_start_attempts:
    "millrace_start_attempts(request->'requests', (request->>'patient')::boolean)",
  millrace_end_attempts:
    "millrace_end_attempts(request->'requests', (request->>'patient')::boolean)",
};

/** Their names. */
export type QueueFunction = keyof typeof CALLS;

/**
 * Calls a function of the queue in a transaction of its own, or in the caller's.
 *
 * @remarks
 * On its own it is one message to the database: fast, and no process can stop in the middle of it
 * and leave something locked. Such a message takes no bindings, so the request is in Base64.
 */
export async function callFunction<TAnswer>(
  knex: Knex,
  name: QueueFunction,
  request: JsonObject,
): Promise<TAnswer> {
  const select = `select ${CALLS[name]} as answer`;
  if (knex.isTransaction) {
    const { rows } = await knex.raw<{ rows: { answer: TAnswer }[] }>(
      `${select} from (select ?::jsonb) as r (request)`,
      [JSON.stringify(request)],
    );
    return rows[0].answer;
  }
  const text = Buffer.from(JSON.stringify(request)).toString('base64');
  const results = await retryTransaction(() =>
    knex.raw<{ rows: { answer: TAnswer }[] }[]>(
      `${SET_BOUNDS}; ${select} from (select convert_from(decode('${text}', 'base64'), 'UTF8')::jsonb) as r (request)`,
    ),
  );
  return results.at(-1)!.rows[0].answer;
}
