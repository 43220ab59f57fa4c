import type { Knex } from 'knex';
import { retryTransaction } from './transientErrors';
import type { TransactionOptions } from './types';

/**
 * Writes in a transaction of its own, which is begun again when the database had to choose a
 * victim, or in a part of the caller's that can fail alone.
 */
export function inTransaction<TResult>(
  knex: Knex,
  { trx }: TransactionOptions,
  write: (trx: Knex.Transaction) => Promise<TResult>,
): Promise<TResult> {
  return trx
    ? trx.transaction(write)
    : retryTransaction(() => knex.transaction(write));
}
