import type { Knex } from 'knex';
import {
  inTransaction,
  retryTransaction,
  type TransactionOptions,
} from '../database';

/** Longest time of one statement, in ms. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** Longest wait for a lock that somebody else has, in ms. */
const LOCK_TIMEOUT_MS = 3_000;

/**
 * How long a transaction may stand open without a word, in ms. Shorter than a lease: what a
 * frozen process has locked is free again before others need it.
 */
const IDLE_TIMEOUT_MS = 10_000;

/** Statements that set the bounds of the transaction that they are in. */
export const SET_BOUNDS = boundsOf(STATEMENT_TIMEOUT_MS);

function boundsOf(statementTimeoutMs: number): string {
  return [
    `set local statement_timeout = ${statementTimeoutMs}`,
    `set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
  ].join('; ');
}

/**
 * Writes in a transaction that neither waits nor blocks others without end, and that is begun
 * again when the database had to choose a victim; or in a part of the caller's transaction, whose
 * bounds then hold.
 *
 * @param options - `statementTimeoutMs`: longest time of one statement; default 10 s
 */
export function boundedTransaction<TResult>(
  knex: Knex,
  write: (trx: Knex.Transaction) => Promise<TResult>,
  options: TransactionOptions & { statementTimeoutMs?: number } = {},
): Promise<TResult> {
  const { trx, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  if (trx) {
    return inTransaction(knex, { trx }, write);
  }
  return retryTransaction(() =>
    knex.transaction(async own => {
      // Local to the transaction: what is set for a session does not survive a pooler.
      await own.raw(boundsOf(statementTimeoutMs));
      return write(own);
    }),
  );
}
