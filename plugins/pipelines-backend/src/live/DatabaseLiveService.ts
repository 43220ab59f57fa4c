import { setTimeout } from 'node:timers/promises';
import type {
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { Knex } from 'knex';
import { Listener } from './Listener';
import { SignalThrottle } from './SignalThrottle';
import type { LiveMessage, LiveService } from './types';

/** Signal channel that pages listen on; messages carry a kind and nothing else. */
export const SIGNAL_CHANNEL = 'pipelines';

const SIGNAL_INTERVAL_MS = 2_000;
/** How often pages hear that signals arrive, also when nothing happens. */
const ALIVE_INTERVAL_MS = 10_000;
const FIRST_RECONNECT_DELAY_MS = 250;
const MAX_RECONNECT_DELAY_MS = 10_000;

/** What {@link DatabaseLiveService} is made of; the intervals are for tests. */
export interface DatabaseLiveServiceOptions {
  knex: Knex;
  logger: LoggerService;
  lifecycle: Pick<LifecycleService, 'addShutdownHook'>;
  /** Tells browsers that they should read again; absent where the portal has no signals. */
  signals?: SignalsService;
  pingIntervalMs?: number;
  pingPatienceMs?: number;
  signalIntervalMs?: number;
  aliveIntervalMs?: number;
}

/**
 * Carries the database's messages into this process over one connection, and a hint of them on
 * to the browsers.
 *
 * @remarks
 * Without the connection everything still works by polling. After each (re)connect it says
 * `resync`, because messages may have been missed before.
 */
export class DatabaseLiveService implements LiveService {
  readonly #logger: LoggerService;
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  readonly #stop = new AbortController();
  readonly #listener: Listener;
  readonly #runsSignal: SignalThrottle | undefined;
  #connected = false;
  #warned = false;
  #reconnectDelayMs = FIRST_RECONNECT_DELAY_MS;

  private constructor(options: DatabaseLiveServiceOptions) {
    const { knex, logger, signals, pingIntervalMs, pingPatienceMs } = options;
    this.#logger = logger;
    this.#listener = new Listener({
      knex,
      onMessage: message => {
        if (message.kind !== 'ping') {
          this.#publish(message);
        }
      },
      pingIntervalMs,
      pingPatienceMs,
    });
    this.#runsSignal =
      signals &&
      new SignalThrottle({
        call: () => this.#signal(signals, 'runs'),
        intervalMs: options.signalIntervalMs ?? SIGNAL_INTERVAL_MS,
      });
  }

  /** Begins to listen in the background; ends when the process is shut down. */
  static create(options: DatabaseLiveServiceOptions): DatabaseLiveService {
    const service = new DatabaseLiveService(options);
    const listening = service.#keepListening();
    const heartbeat = service.#startHeartbeat(options);
    options.lifecycle.addShutdownHook(async () => {
      service.#stop.abort();
      clearInterval(heartbeat);
      service.#runsSignal?.stop();
      await listening;
    });
    return service;
  }

  get connected(): boolean {
    return this.#connected;
  }

  subscribe(listener: (message: LiveMessage) => void): () => void {
    // A wrapper, so that the same function can be subscribed twice
    const entry = (message: LiveMessage) => listener(message);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  grown(runId: string): void {
    this.#publish({ kind: 'grown', runId });
  }

  async #keepListening(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#listener.listen({
          signal,
          onListening: () => this.#noteSuccess(),
        });
      } catch (error) {
        this.#noteFailure(error);
        const jitteredMs = this.#reconnectDelayMs * (0.5 + Math.random());
        await setTimeout(jitteredMs, undefined, { signal }).catch(() => {});
        this.#reconnectDelayMs = Math.min(
          this.#reconnectDelayMs * 2,
          MAX_RECONNECT_DELAY_MS,
        );
      }
    }
    this.#connected = false;
  }

  #noteSuccess(): void {
    this.#connected = true;
    this.#warned = false;
    this.#reconnectDelayMs = FIRST_RECONNECT_DELAY_MS;
    this.#logger.info('Changes of runs arrive from the database');
    this.#publish({ kind: 'resync' });
  }

  #noteFailure(error: unknown): void {
    this.#connected = false;
    if (!this.#warned && !this.#stop.signal.aborted) {
      this.#warned = true;
      this.#logger.warn(
        `Changes of runs do not arrive from the database, so they are polled; a pooler in transaction mode would be a reason: ${stringifyError(
          error,
        )}`,
      );
    }
  }

  #publish(message: LiveMessage): void {
    for (const listener of this.#listeners) {
      try {
        listener(message);
      } catch (error) {
        this.#logger.error(
          `A listener failed on a message of kind '${message.kind}'`,
          error as Error,
        );
      }
    }
    if (message.kind !== 'grown') {
      this.#runsSignal?.trigger();
    }
  }

  /** A page cannot see whether its socket is up; it takes silence for a broken one. */
  #startHeartbeat(
    options: DatabaseLiveServiceOptions,
  ): NodeJS.Timeout | undefined {
    const { signals, aliveIntervalMs = ALIVE_INTERVAL_MS } = options;
    if (!signals) {
      return undefined;
    }
    const heartbeat = setInterval(() => {
      if (this.#connected) {
        this.#signal(signals, 'alive');
      }
    }, aliveIntervalMs);
    return heartbeat.unref();
  }

  #signal(signals: SignalsService, kind: 'runs' | 'alive'): void {
    signals
      .publish({
        channel: SIGNAL_CHANNEL,
        recipients: { type: 'broadcast' },
        message: { kind },
      })
      .catch(error =>
        this.#logger.debug(`No signal was sent: ${stringifyError(error)}`),
      );
  }
}
