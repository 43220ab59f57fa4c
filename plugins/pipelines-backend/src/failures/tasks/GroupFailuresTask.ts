import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { LiveMessage, LiveService } from '../../live';
import { Loop } from '../../queue';
import type { DatabaseFailuresStore } from '../DatabaseFailuresStore';

/** Least and most time between two looks when no message comes. */
const EVERY_MS = [4_000, 6_000] as const;

/** Runs that are grouped in one transaction. */
const BATCH = 500;

/**
 * Finds out which failure ended each run that did not succeed, and ends what was ignored until
 * now: when the database says that a run has failed, and every few seconds.
 *
 * @remarks
 * Any number of processes can do it at once: each run is taken by one of them.
 */
export class GroupFailuresTask {
  readonly #store: DatabaseFailuresStore;
  readonly #live: Pick<LiveService, 'subscribe'>;
  readonly #batch: number;
  readonly #loop: Loop;
  #unsubscribe: (() => void) | undefined;

  constructor(options: {
    store: DatabaseFailuresStore;
    live: Pick<LiveService, 'subscribe'>;
    logger: LoggerService;
    /** Least and most time between two looks; default 4 to 6 s. */
    everyMs?: readonly [number, number];
    /** Runs that are grouped in one transaction; default 500. */
    batch?: number;
  }) {
    this.#store = options.store;
    this.#live = options.live;
    this.#batch = options.batch ?? BATCH;
    this.#loop = new Loop({
      everyMs: options.everyMs ?? EVERY_MS,
      round: () => this.run(),
      onError: error =>
        options.logger.warn(
          `Failures could not be grouped; it is tried again: ${stringifyError(
            error,
          )}`,
        ),
    });
  }

  start(): void {
    this.#unsubscribe = this.#live.subscribe(message => {
      if (isAboutFailure(message)) {
        this.#loop.wake();
      }
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
  }

  /** Groups one batch, and begins the next one at once when there is more. */
  async run(): Promise<void> {
    const taken = await this.#store.group(this.#batch);
    const ended = await this.#store.endIgnores(this.#batch);
    if (taken === this.#batch || ended === this.#batch) {
      this.#loop.wake();
    }
  }
}

function isAboutFailure(message: LiveMessage): boolean {
  return (
    message.kind === 'resync' ||
    (message.kind === 'state' &&
      ['failed', 'timed_out', 'lost'].includes(message.state))
  );
}
