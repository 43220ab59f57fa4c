import type { ServerResponse } from 'node:http';
import type {
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { LiveMessage, LiveService } from '../live';
import { DatabaseLogsStore } from './DatabaseLogsStore';
import type { LogsConfig } from './readLogsConfig';
import { RunFeed } from './RunFeed';
import { RunStream } from './RunStream';
import { startPlace } from './startPlace';
import type { StreamCursor } from './streamCursor';
import { DEFAULT_STREAM_TIMINGS, type StreamTimings } from './streamTimings';
import type { StreamedRuns } from './types';

/** What a {@link RunStreamHub} is made of. */
export interface RunStreamHubOptions {
  knex: Knex;
  runs: StreamedRuns;
  live: LiveService;
  logger: LoggerService;
  config: Pick<LogsConfig, 'maxStreams'>;
  lifecycle: Pick<LifecycleService, 'addShutdownHook'>;
  timings?: Partial<StreamTimings>;
}

/** One viewer's wish; rights were checked once before. */
export interface ServeStreamOptions {
  runId: string;
  /** What the viewer has seen already. */
  cursor?: StreamCursor;
  /** Lines of the latest attempt to begin with when there is no cursor; all when absent. */
  tail?: number;
  response: ServerResponse;
  /** Asked again and again; rejects when the viewer may no longer see the run. */
  authorize: () => Promise<unknown>;
}

interface SharedFeed {
  feed: RunFeed;
  viewers: number;
}

/** Serves the streams of this process: one reader for each run that is viewed. */
export class RunStreamHub {
  readonly #store: DatabaseLogsStore;
  readonly #options: RunStreamHubOptions;
  readonly #timings: StreamTimings;
  readonly #feeds = new Map<string, SharedFeed>();
  readonly #stop = new AbortController();
  #streams = 0;

  private constructor(options: RunStreamHubOptions) {
    this.#store = new DatabaseLogsStore(options.knex);
    this.#options = options;
    this.#timings = { ...DEFAULT_STREAM_TIMINGS, ...options.timings };
  }

  static create(options: RunStreamHubOptions): RunStreamHub {
    const hub = new RunStreamHub(options);
    const unsubscribe = options.live.subscribe(message => hub.#wake(message));
    options.lifecycle.addShutdownHook(() => {
      unsubscribe();
      hub.#stop.abort();
    });
    return hub;
  }

  /**
   * Sends the stream; resolves when it is over.
   *
   * @throws ServiceUnavailableError when this process serves as many streams as it may;
   * NotFoundError when there is no such run. Nothing was sent then.
   */
  async serve(options: ServeStreamOptions): Promise<void> {
    const { maxStreams } = this.#options.config;
    if (this.#streams >= maxStreams) {
      throw new ServiceUnavailableError(
        `This process already serves ${maxStreams} streams; try again later, or raise 'pipelines.logs.maxStreams'`,
      );
    }
    this.#streams += 1;
    const shared = this.#join(options.runId);
    try {
      await this.#serve(shared.feed, options);
    } finally {
      this.#streams -= 1;
      this.#leave(options.runId, shared);
    }
  }

  async #serve(feed: RunFeed, options: ServeStreamOptions): Promise<void> {
    const { runId, cursor, tail, response, authorize } = options;
    const snapshot = await feed.readAgain();
    const start = await startPlace({
      store: this.#store,
      runId,
      snapshot,
      cursor,
      tail,
    });
    await new RunStream({
      ...start,
      feed,
      response,
      authorize,
      timings: this.#timings,
      signal: this.#stop.signal,
    }).run();
  }

  #join(runId: string): SharedFeed {
    const known = this.#feeds.get(runId);
    if (known && !known.feed.stopped) {
      known.viewers += 1;
      return known;
    }
    const { runs, logger } = this.#options;
    const feed = new RunFeed({
      runId,
      runs,
      store: this.#store,
      timings: this.#timings,
      onError: error =>
        logger.warn(
          `The stream of run '${runId}' could not be read and is tried again: ${stringifyError(
            error,
          )}`,
        ),
    });
    const shared = { feed, viewers: 1 };
    this.#feeds.set(runId, shared);
    feed.start();
    return shared;
  }

  #leave(runId: string, shared: SharedFeed): void {
    shared.viewers -= 1;
    if (shared.viewers === 0) {
      shared.feed.stop();
      if (this.#feeds.get(runId) === shared) {
        this.#feeds.delete(runId);
      }
    }
  }

  #wake(message: LiveMessage): void {
    if (message.kind === 'resync') {
      this.#feeds.forEach(({ feed }) => feed.wake({ state: true }));
    } else if ('runId' in message) {
      const isState = message.kind !== 'grown';
      this.#feeds.get(message.runId)?.feed.wake({ state: isState });
    }
  }
}
