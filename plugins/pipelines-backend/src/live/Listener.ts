import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Client, Notification } from 'pg';
import { v4 as uuid } from 'uuid';
import { parseMessage, type DatabaseMessage } from './parseMessage';

/** Channel that the triggers of the tables notify. */
const CHANNEL = 'millrace';

/** How often the connection is asked to carry a message to ourselves. */
const PING_INTERVAL_MS = 10_000;

/**
 * How many of them must arrive before the connection is believed: behind a pooler a single one
 * may, by chance.
 */
const FIRST_PINGS = 3;

/** How long such a message, or opening the connection, may take. */
const PING_PATIENCE_MS = 5_000;

/** A connection of `pg` with the socket below it. */
type RawConnection = Client & { connection: { stream: Socket } };

/** Knex has no types for the connections that it makes outside of its pool. */
type RawConnections = {
  acquireRawConnection(): Promise<RawConnection>;
  destroyRawConnection(connection: RawConnection): Promise<void>;
};

/**
 * One dedicated connection that listens, from opening to its death.
 *
 * @remarks
 * Dead is also a connection that no longer delivers what it notified itself: half-open, or
 * behind a pooler that gives each transaction another connection of the server.
 */
export class Listener {
  readonly #connections: RawConnections;
  readonly #onMessage: (message: DatabaseMessage) => void;
  readonly #pingIntervalMs: number;
  readonly #pingPatienceMs: number;
  readonly #id = uuid();
  #heard: (() => void) | undefined;

  constructor(options: {
    knex: Knex;
    onMessage: (message: DatabaseMessage) => void;
    pingIntervalMs?: number;
    pingPatienceMs?: number;
  }) {
    this.#connections = options.knex.client;
    this.#onMessage = options.onMessage;
    this.#pingIntervalMs = options.pingIntervalMs ?? PING_INTERVAL_MS;
    this.#pingPatienceMs = options.pingPatienceMs ?? PING_PATIENCE_MS;
  }

  /**
   * Listens until the signal is aborted.
   *
   * @param options - `onListening` is called once the first message to ourselves has arrived
   * @throws Error as soon as the connection is not to be trusted any more
   */
  async listen(options: {
    signal: AbortSignal;
    onListening: () => void;
  }): Promise<void> {
    const connection = await this.#open();
    const died = new Promise<never>((_resolve, reject) => {
      connection.on('error', reject);
      connection.on('end', () => reject(new Error('The connection ended')));
    });
    died.catch(() => {});
    try {
      connection.connection.stream.setKeepAlive(true, this.#pingIntervalMs);
      connection.on('notification', message => this.#receive(message));
      await Promise.race([this.#converse(connection, options), died]);
    } finally {
      await this.#close(connection);
    }
  }

  async #open(): Promise<RawConnection> {
    const opening = this.#connections.acquireRawConnection();
    try {
      return await this.#withPatience(opening, 'opening the connection');
    } catch (error) {
      opening.then(
        late => this.#close(late),
        () => {},
      );
      throw error;
    }
  }

  /** The farewell may never be answered, so the socket is closed whether or not it is. */
  async #close(connection: RawConnection): Promise<void> {
    await this.#withPatience(
      this.#connections.destroyRawConnection(connection),
      'closing the connection',
    ).catch(() => {});
    connection.connection.stream.destroy();
  }

  async #converse(
    connection: Client,
    options: { signal: AbortSignal; onListening: () => void },
  ): Promise<void> {
    await this.#withPatience(
      connection.query(`listen ${CHANNEL}`),
      'beginning to listen',
    );
    for (let heard = 0; heard < FIRST_PINGS; heard++) {
      await this.#ping(connection);
    }
    options.onListening();
    while (!options.signal.aborted) {
      await setTimeout(this.#pingIntervalMs, undefined, options).catch(
        () => {},
      );
      if (!options.signal.aborted) {
        await this.#ping(connection);
      }
    }
  }

  async #ping(connection: Client): Promise<void> {
    const heard = new Promise<void>(resolve => {
      this.#heard = resolve;
    });
    const sent = connection.query('select pg_notify($1, $2)', [
      CHANNEL,
      JSON.stringify({ kind: 'ping', id: this.#id }),
    ]);
    await this.#withPatience(
      Promise.all([sent, heard]),
      'hearing a message to ourselves',
    );
  }

  #receive(notification: Notification): void {
    const message = parseMessage(notification.payload);
    if (message?.kind !== 'ping') {
      if (message) {
        this.#onMessage(message);
      }
    } else if (message.id === this.#id) {
      this.#heard?.();
    }
  }

  async #withPatience<TResult>(
    promise: Promise<TResult>,
    what: string,
  ): Promise<TResult> {
    const enough = new AbortController();
    const impatience = setTimeout(this.#pingPatienceMs, undefined, enough).then(
      () => {
        throw new Error(`${what} took longer than ${this.#pingPatienceMs} ms`);
      },
    );
    try {
      return await Promise.race([promise, impatience]);
    } finally {
      enough.abort();
    }
  }
}
