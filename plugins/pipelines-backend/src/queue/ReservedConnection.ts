import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/**
 * One connection that is not of the pool, so that a pool whose connections are all in use
 * cannot hold up what must be on time.
 *
 * @remarks
 * It is opened when it is first needed, and again after any error.
 */
export class ReservedConnection {
  readonly #knex: Knex;
  readonly #timeoutMs: number;
  #connection: Promise<Client> | undefined;

  /** @param options - `timeoutMs` bounds each statement together with the opening; default 4 s */
  constructor(options: { knex: Knex; timeoutMs?: number }) {
    this.#knex = options.knex;
    this.#timeoutMs = options.timeoutMs ?? 4_000;
  }

  /** Runs one statement; rejects when it takes too long, and opens a new connection next time. */
  async query<TResult>(
    sql: string,
    bindings: Knex.ValueDict,
  ): Promise<TResult> {
    const connection = this.#connection ?? this.#open();
    const timer = new AbortController();
    try {
      return await Promise.race([
        this.#run<TResult>(connection, sql, bindings),
        this.#timeout(timer.signal),
      ]);
    } catch (error) {
      await this.#drop(connection);
      throw error;
    } finally {
      timer.abort();
    }
  }

  async close(): Promise<void> {
    if (this.#connection) {
      await this.#drop(this.#connection);
    }
  }

  #open(): Promise<Client> {
    const connection: Promise<Client> =
      this.#knex.client.acquireRawConnection();
    this.#connection = connection;
    return connection;
  }

  async #run<TResult>(
    connection: Promise<Client>,
    sql: string,
    bindings: Knex.ValueDict,
  ): Promise<TResult> {
    return this.#knex.raw(sql, bindings).connection(await connection);
  }

  async #timeout(signal: AbortSignal): Promise<never> {
    await sleep(this.#timeoutMs, undefined, { signal });
    throw new Error(
      `Connection timeout: the database did not answer within ${
        this.#timeoutMs
      } ms`,
    );
  }

  async #drop(connection: Promise<Client>): Promise<void> {
    if (this.#connection === connection) {
      this.#connection = undefined;
    }
    // Not waited for: the end of a connection that hangs would hang too.
    connection
      .then(opened => this.#knex.client.destroyRawConnection(opened))
      .catch(() => {});
  }
}
