import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { DatabaseAfterStore } from '../after/DatabaseAfterStore';
import type { Followers } from '../after/Followers';
import type { LiveService } from '../../live';
import { Loop } from '../../queue';

/** Least and most time between two looks when no message comes. */
const EVERY_MS = [4_000, 6_000] as const;

/** Runs that one round looks at. */
const BATCH = 50;

/**
 * Starts the pipelines that follow those of runs that have succeeded: when the database says that
 * one has, and every few seconds.
 */
export class StartFollowersTask {
  readonly #store: DatabaseAfterStore;
  readonly #followers: Followers;
  readonly #live: Pick<LiveService, 'subscribe'>;
  readonly #logger: LoggerService;
  readonly #loop: Loop;
  #knowsFollowed = false;
  #unsubscribe: (() => void) | undefined;

  constructor(options: {
    store: DatabaseAfterStore;
    followers: Followers;
    live: Pick<LiveService, 'subscribe'>;
    logger: LoggerService;
    /** Least and most time between two looks; default 4 to 6 s. */
    everyMs?: readonly [number, number];
  }) {
    this.#store = options.store;
    this.#followers = options.followers;
    this.#live = options.live;
    this.#logger = options.logger;
    this.#loop = new Loop({
      everyMs: options.everyMs ?? EVERY_MS,
      round: () => this.run(),
      onError: error =>
        options.logger.warn(
          `Runs that follow others could not be started; it is tried again: ${stringifyError(
            error,
          )}`,
        ),
    });
  }

  start(): void {
    this.#unsubscribe = this.#live.subscribe(message => {
      if (
        (message.kind === 'state' && message.state === 'succeeded') ||
        message.kind === 'resync'
      ) {
        this.#loop.wake();
      }
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
  }

  /** Submits what follows the runs that wait; one that fails does not hold up the others. */
  async run(): Promise<void> {
    if (!this.#knowsFollowed) {
      await this.#store.addFollowed(this.#followers.listFollowed());
      this.#knowsFollowed = true;
    }
    const runIds = await this.#store.listDue(BATCH);
    for (const runId of runIds) {
      await this.#start(runId);
    }
    if (runIds.length === BATCH) {
      this.#loop.wake();
    }
  }

  async #start(runId: string): Promise<void> {
    try {
      await this.#followers.start(runId);
    } catch (error) {
      this.#logger.warn(
        `What follows run '${runId}' could not be started; it is tried again: ${stringifyError(
          error,
        )}`,
      );
      await this.#store.postpone(runId);
    }
  }
}
