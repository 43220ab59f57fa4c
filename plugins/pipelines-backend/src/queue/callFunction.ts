import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { retryTransaction } from '../database';
import { SET_BOUNDS } from './boundedTransaction';

/** The functions of the database that do what workers do most. */
export type QueueFunction =
  | 'millrace_claim_runs'
  | 'millrace_start_attempt'
  | 'millrace_end_attempt';

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
  if (knex.isTransaction) {
    const { rows } = await knex.raw<{ rows: { answer: TAnswer }[] }>(
      `select ${name}(?::jsonb) as answer`,
      [JSON.stringify(request)],
    );
    return rows[0].answer;
  }
  const text = Buffer.from(JSON.stringify(request)).toString('base64');
  const results = await retryTransaction(() =>
    knex.raw<{ rows: { answer: TAnswer }[] }[]>(
      `${SET_BOUNDS}; select ${name}(convert_from(decode('${text}', 'base64'), 'UTF8')::jsonb) as answer`,
    ),
  );
  return results.at(-1)!.rows[0].answer;
}
