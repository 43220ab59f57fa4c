import type { Knex } from 'knex';

/** What a service method takes when it must join the transaction of its caller. */
export interface TransactionOptions {
  trx?: Knex.Transaction;
}
