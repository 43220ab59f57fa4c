import {
  fetchEventSource,
  type EventSourceMessage,
} from '@microsoft/fetch-event-source';
import {
  RUN_STREAM_EVENTS,
  type PipelinesFetch,
  type RunStreamEvent,
  type RunStreamEventName,
} from '@millrace/backstage-plugin-pipelines-common';
import type { LiveState } from './liveState';

/** First wait before the stream is opened again, ms; it doubles up to the longest. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** How often the run is read while there is no stream, seconds. */
const POLL_SECONDS = 10;
/** A stream that says nothing for this long, not even a keep-alive, is taken for dead, ms. */
const SILENCE_MS = 45_000;
/** The age is told to the screen at most this often, ms: it shows whole seconds. */
const AGE_STEP_MS = 1_000;

/** Lines that a stream begins with; what is before them is read when somebody scrolls there. */
const TAIL_LINES = 1_000;

/** A refusal that asking again does not change. */
class StreamRefused extends Error {}

/** What a stream tells its owner. @internal */
export interface RunStreamOptions {
  runId: string;
  fetchApi: PipelinesFetch;
  onEvent(event: RunStreamEvent): void;
  /** Called every 10 s while the stream is down: read the run instead. */
  onPoll(): void;
}

/**
 * One stream of a run: opens, resumes after the last event seen, waits longer after each failure.
 *
 * @remarks
 * Closed in hidden tabs and while paused. The position goes into the URL as well as into the
 * header that server-sent events define, because some proxies drop unknown headers.
 *
 * @internal
 */
export class RunStream {
  readonly #options: RunStreamOptions;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = { kind: 'polling', pollSeconds: POLL_SECONDS };
  #abort: AbortController | undefined;
  #poller: ReturnType<typeof setInterval> | undefined;
  #lastId: string | undefined;
  #failures = 0;
  #ended = false;

  constructor(options: RunStreamOptions) {
    this.#options = options;
  }

  readonly getState = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens the stream; answers how to close it. */
  start(): () => void {
    this.#open();
    return () => this.#close();
  }

  readonly pause = (): void => {
    this.#close();
    this.#publish('paused');
  };

  readonly resume = (): void => {
    this.#options.onPoll();
    this.#close();
    this.#open();
  };

  #open(): void {
    if (this.#ended || this.#abort) {
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    fetchEventSource('stream', {
      fetch: (_input, init) =>
        this.#options.fetchApi.fetch(this.#url(), init ?? {}),
      signal: abort.signal,
      openWhenHidden: false,
      onopen: async response => this.#onOpen(response),
      onmessage: message => this.#onMessage(message),
      onclose: () => {
        if (!this.#ended) {
          throw new Error('The stream was closed before the run ended');
        }
      },
      onerror: error => this.#onError(error),
    }).catch(() => this.#publish('polling'));
    this.#poller = setInterval(() => this.#poll(), POLL_SECONDS * 1_000);
  }

  #close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    clearInterval(this.#poller);
    this.#poller = undefined;
  }

  #url(): string {
    const path = `plugin://pipelines/runs/${encodeURIComponent(
      this.#options.runId,
    )}/stream`;
    return this.#lastId
      ? `${path}?cursor=${encodeURIComponent(this.#lastId)}`
      : `${path}?tail=${TAIL_LINES}`;
  }

  #onOpen(response: Response): void {
    if (response.status >= 400 && response.status < 500) {
      throw new StreamRefused(`The stream answered ${response.status}`);
    }
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.startsWith('text/event-stream')) {
      throw new Error(`The stream answered ${response.status} ${type}`);
    }
    this.#failures = 0;
    this.#publish('live');
  }

  #onMessage(message: EventSourceMessage): void {
    const event = parseEvent(message);
    if (message.id) {
      this.#lastId = message.id;
    }
    // A keep-alive is no event, but it proves that the stream is current.
    this.#publish('live');
    if (event) {
      this.#ended = this.#ended || event.name === 'end';
      this.#options.onEvent(event);
    }
    if (this.#ended) {
      this.#close();
    }
  }

  #onError(error: unknown): number {
    if (error instanceof StreamRefused) {
      throw error;
    }
    this.#failures += 1;
    this.#publish('reconnecting');
    return Math.min(
      FIRST_RETRY_MS * 2 ** (this.#failures - 1),
      LONGEST_RETRY_MS,
    );
  }

  #poll(): void {
    if (document.visibilityState !== 'visible') {
      return;
    }
    if (this.#state.kind !== 'live') {
      this.#options.onPoll();
    } else if (Date.now() - (this.#state.currentAt ?? 0) > SILENCE_MS) {
      this.#publish('reconnecting');
      this.#close();
      this.#open();
    }
  }

  #publish(kind: LiveState['kind']): void {
    const now = Date.now();
    const { currentAt = 0 } = this.#state;
    if (kind === this.#state.kind && now - currentAt < AGE_STEP_MS) {
      return;
    }
    this.#state = {
      ...this.#state,
      kind,
      currentAt: kind === 'live' ? now : this.#state.currentAt,
    };
    this.#listeners.forEach(listener => listener());
  }
}

/** The typed event, or undefined for a name or shape that this version does not know. @internal */
export function parseEvent(
  message: Pick<EventSourceMessage, 'event' | 'id' | 'data'>,
): RunStreamEvent | undefined {
  if (!Object.hasOwn(RUN_STREAM_EVENTS, message.event)) {
    return undefined;
  }
  const name = message.event as RunStreamEventName;
  const result = RUN_STREAM_EVENTS[name].safeParse(parseJson(message.data));
  if (!result.success) {
    return undefined;
  }
  return {
    name,
    id: message.id || undefined,
    data: result.data,
  } as RunStreamEvent;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
