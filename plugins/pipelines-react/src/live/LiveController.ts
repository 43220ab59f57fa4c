import type { Query, QueryClient } from '@tanstack/react-query';
import type { SignalApi } from '@backstage/plugin-signals-react';
import { isClientError, statusOf } from '../api/errors';
import { runsKeys } from '../runs/runsQueries';
import type { LiveClass } from './liveMeta';
import type { LiveState } from './liveState';
import { Throttle } from './Throttle';

/** Channel on which the backend says that something changed. @internal */
export const SIGNAL_CHANNEL = 'pipelines';

const ROWS_INTERVAL_MS = 2_000;
const COUNTS_INTERVAL_MS = 5_000;
/** How often is asked without signals. */
const POLL_SECONDS = 10;
/** How often is asked although signals arrive: a broken socket is silent. */
const BACKSTOP_SECONDS = 30;
/**
 * The backend says every 10 s that it is there; a socket on which two of these did not arrive is
 * taken for broken.
 */
const SILENCE_MS = 25_000;

/**
 * Decides when the live queries of a query client are read again, and knows how old they are.
 *
 * @remarks
 * A signal carries no data and has no permissions, so it only says when to ask. The client of
 * Backstage's signals does not tell whether its socket is up. So "live" has to be earned: it
 * holds from the first message on, and it is lost when a request fails, when the browser is
 * offline, or when the backend's regular sign of life stays away. Until then the controller
 * polls, and says so.
 *
 * @internal
 */
export class LiveController {
  readonly #queryClient: QueryClient;
  readonly #rows: Throttle;
  readonly #counts: Throttle;
  readonly #listeners = new Set<() => void>();
  readonly #streamedRuns = new Map<string, number>();
  #state: LiveState = { kind: 'polling', pollSeconds: POLL_SECONDS };
  #users = 0;
  #paused = false;
  #failing = false;
  #signalsProven = false;
  #lastSignalAt = -Infinity;
  #lastPollAt = 0;
  #stop: (() => void) | undefined;

  constructor(options: { queryClient: QueryClient }) {
    this.#queryClient = options.queryClient;
    this.#rows = new Throttle({
      run: () => this.#invalidate('rows'),
      intervalMs: ROWS_INTERVAL_MS,
    });
    this.#counts = new Throttle({
      run: () => this.#invalidate('counts'),
      intervalMs: COUNTS_INTERVAL_MS,
    });
  }

  readonly getState = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Works while at least one user is there; answers how to leave. */
  start(signals: SignalApi | undefined): () => void {
    this.#users += 1;
    if (this.#users === 1) {
      this.#stop = this.#connect(signals);
    }
    return () => {
      this.#users -= 1;
      if (this.#users === 0) {
        this.#stop?.();
        this.#stop = undefined;
      }
    };
  }

  readonly pause = (): void => {
    this.#paused = true;
    this.#publish();
  };

  readonly resume = (): void => {
    this.#paused = false;
    this.refresh();
    this.#publish();
  };

  /** Somebody asks, so that what was refused is asked for again, too. */
  readonly refresh = (): void => {
    this.#lastPollAt = Date.now();
    this.#invalidate('rows', { evenRefused: true });
    this.#invalidate('counts', { evenRefused: true });
  };

  /** Leaves a run alone whose stream keeps it current; answers how to take it back. */
  leaveRun(runId: string): () => void {
    this.#streamedRuns.set(runId, (this.#streamedRuns.get(runId) ?? 0) + 1);
    return () => {
      const left = (this.#streamedRuns.get(runId) ?? 1) - 1;
      if (left > 0) {
        this.#streamedRuns.set(runId, left);
      } else {
        this.#streamedRuns.delete(runId);
      }
    };
  }

  #connect(signals: SignalApi | undefined): () => void {
    this.#lastPollAt = Date.now();
    const subscription = signals?.subscribe(SIGNAL_CHANNEL, message =>
      this.#onSignal(message.kind),
    );
    const ticker = setInterval(() => this.#tick(), 1_000);
    const unwatch = this.#queryClient.getQueryCache().subscribe(event => {
      if (event.type === 'updated' && event.query.meta?.live) {
        this.#onAnswer(event.query, event.action.type);
      }
    });
    const onOnline = () => this.refresh();
    const onOffline = () => this.#setFailing(true);
    const onVisible = () => this.#tick();
    window.addEventListener('online', onOnline);
    window.addEventListener('offline', onOffline);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      subscription?.unsubscribe();
      clearInterval(ticker);
      this.#rows.cancel();
      this.#counts.cancel();
      unwatch();
      window.removeEventListener('online', onOnline);
      window.removeEventListener('offline', onOffline);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }

  #onSignal(kind: unknown): void {
    // What was said before the socket was up is lost, and polling pauses from here on.
    const mayHaveMissed = !this.#signalsProven;
    this.#signalsProven = true;
    this.#lastSignalAt = Date.now();
    this.#publish();
    const visible = document.visibilityState === 'visible';
    if ((kind === 'runs' || mayHaveMissed) && !this.#paused && visible) {
      this.#rows.call();
      this.#counts.call();
    }
  }

  #tick(): void {
    if (this.#signalsProven && Date.now() - this.#lastSignalAt > SILENCE_MS) {
      this.#signalsProven = false;
      this.#publish();
    }
    if (this.#paused || document.visibilityState !== 'visible') {
      return;
    }
    const seconds =
      this.#signalsProven && !this.#failing ? BACKSTOP_SECONDS : POLL_SECONDS;
    if (Date.now() - this.#lastPollAt >= seconds * 1_000) {
      this.#lastPollAt = Date.now();
      this.#invalidate('rows');
      this.#invalidate('counts');
    }
  }

  #onAnswer(query: Query, action: string): void {
    if (action === 'success') {
      this.#state = { ...this.#state, currentAt: Date.now() };
      this.#setFailing(false);
    } else if (action === 'error' && !isClientError(query.state.error)) {
      this.#setFailing(true);
    } else if (action === 'failed' && query.state.fetchFailureCount > 0) {
      // Retries take seconds, in which the old numbers would still call themselves live.
      this.#setFailing(!isClientError(query.state.fetchFailureReason));
    }
  }

  #setFailing(failing: boolean): void {
    this.#failing = failing;
    this.#publish();
  }

  #publish(): void {
    let kind: LiveState['kind'] = this.#signalsProven ? 'live' : 'polling';
    if (this.#paused) {
      kind = 'paused';
    } else if (this.#failing) {
      kind = 'reconnecting';
    }
    this.#state = { ...this.#state, kind };
    this.#listeners.forEach(listener => listener());
  }

  #invalidate(
    liveClass: LiveClass,
    { evenRefused = false }: { evenRefused?: boolean } = {},
  ): void {
    this.#queryClient
      .invalidateQueries({
        predicate: query =>
          query.meta?.live === liveClass &&
          (evenRefused || !isRefused(query)) &&
          !this.#isStreamed(query),
      })
      // Each query keeps its own error; here is nothing left to handle.
      .catch(() => undefined);
  }

  #isStreamed(query: Query): boolean {
    return [...this.#streamedRuns.keys()].some(runId =>
      runsKeys
        .run(runId)
        .every((part, index) => query.queryKey[index] === part),
    );
  }
}

/** Answers that are the same until somebody changes a right or an address. */
const REFUSALS: readonly (number | undefined)[] = [403, 404];

function isRefused({ state }: Query): boolean {
  return state.status === 'error' && REFUSALS.includes(statusOf(state.error));
}

const controllers = new WeakMap<QueryClient, LiveController>();

/** The one controller of a query client. @internal */
export function liveControllerOf(queryClient: QueryClient): LiveController {
  let controller = controllers.get(queryClient);
  if (!controller) {
    controller = new LiveController({ queryClient });
    controllers.set(queryClient, controller);
  }
  return controller;
}
