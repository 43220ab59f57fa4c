import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** How long states are collected, in ms. */
const COLLECT_MS = 20;

/**
 * Tells every process which states runs have come into, many in one transaction.
 *
 * @remarks
 * A transaction with a message makes others of the kind wait until it is on disk, so what workers
 * do most is quiet, and its process tells it here, a moment later. It is a hint: where it is lost,
 * others see the state when they look again.
 */
export class StateAnnouncer {
  readonly #knex: Knex;
  readonly #states = new Map<string, RunState>();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: { knex: Knex }) {
    this.#knex = options.knex;
  }

  announce(runId: string, state: RunState): void {
    this.#states.set(runId, state);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#send();
    }, COLLECT_MS);
  }

  /** Resolves when everything has been told, or could not be. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sending;
    await this.#send();
  }

  async #send(): Promise<void> {
    if (this.#states.size === 0) {
      return;
    }
    const states = [...this.#states];
    this.#states.clear();
    const messages = states.map(([runId, state]) =>
      JSON.stringify({ kind: 'state', runId, state }),
    );
    if (states.some(([, state]) => state === 'queued')) {
      messages.push(JSON.stringify({ kind: 'queued' }));
    }
    // Whoever misses a hint looks again by themselves; a database that is down hears nothing.
    await this.#knex
      .raw(
        `select pg_notify('millrace', message) from unnest(?::text[]) message`,
        [messages],
      )
      .catch(() => {});
  }
}
