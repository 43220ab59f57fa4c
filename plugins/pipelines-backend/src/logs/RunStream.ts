import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RunStreamEventName } from '@millrace/backstage-plugin-pipelines-common';
import type { LogPlace } from './LogPieces';
import type { RunFeed } from './RunFeed';
import type { RunNews, RunSnapshot } from './RunSnapshot';
import { eventFrame, HELLO_FRAME, PING_FRAME } from './streamFrames';
import type { StreamTimings } from './streamTimings';
import type { AttemptLog } from './types';
import { Wakeup } from '../Wakeup';

/** Bytes that may wait for a viewer before nothing more is read for it. */
export const MAX_QUEUED_BYTES = 256 * 1024;

/** What a {@link RunStream} is made of. */
export interface RunStreamOptions {
  feed: RunFeed;
  response: ServerResponse;
  /** Where the log goes on. */
  place: LogPlace;
  /** Why it does not go on where the viewer had left it. */
  gap?: string;
  timings: StreamTimings;
  /** Rejects when the viewer may no longer see the run. */
  authorize: () => Promise<unknown>;
  /** Aborted when the process is shut down. */
  signal: AbortSignal;
}

const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // No transformation, because compression would hold events back
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Sends one viewer the log, state, steps and progress of a run until it is over.
 *
 * @remarks
 * It takes from the feed only when the viewer has taken what was sent, so a slow viewer costs
 * {@link MAX_QUEUED_BYTES} and one event, and nobody else waits for it.
 */
export class RunStream {
  readonly #options: RunStreamOptions;
  readonly #closed = new AbortController();
  readonly #wakeup = new Wakeup();
  #place: LogPlace;
  #sent: Partial<RunNews> = {};

  constructor(options: RunStreamOptions) {
    this.#options = options;
    this.#place = options.place;
  }

  /** Resolves when the stream is over, for whatever reason; never rejects. */
  async run(): Promise<void> {
    const { feed, response, timings, signal } = this.#options;
    const close = () => this.#close();
    response.once('close', close);
    signal.addEventListener('abort', close, { once: true });
    const unsubscribe = feed.onChange(() => this.#wakeup.ring());
    const ping = setInterval(() => this.#ping(), timings.pingMs);
    const recheck = setInterval(() => this.#recheck(), timings.recheckMs);
    try {
      await this.#follow();
      response.end();
    } catch {
      // The viewer went or reads too slowly; it comes back with the id of its last event
      response.destroy();
    } finally {
      clearInterval(ping);
      clearInterval(recheck);
      unsubscribe();
      signal.removeEventListener('abort', close);
    }
  }

  async #follow(): Promise<void> {
    const { feed, gap, response, signal } = this.#options;
    if (response.destroyed || signal.aborted) {
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    await this.#send(HELLO_FRAME);
    if (gap !== undefined) {
      await this.#sendEvent('gap', JSON.stringify({ reason: gap }));
    }
    while (!this.#closed.signal.aborted && !feed.stopped) {
      const snapshot = feed.latest;
      if (snapshot && (await this.#show(snapshot)) === 'over') {
        return;
      }
    }
  }

  /** Sends what the snapshot has and the viewer has not, then waits for a change. */
  async #show(snapshot: RunSnapshot): Promise<'over' | 'on'> {
    await this.#sendNews(snapshot.news);
    if (await this.#advance(snapshot)) {
      return 'on';
    }
    if (snapshot.ended) {
      const { runState } = snapshot.news;
      await this.#sendEvent('end', JSON.stringify({ state: runState }));
      return 'over';
    }
    await this.#wakeup.sleep();
    return 'on';
  }

  async #sendNews(news: RunNews): Promise<void> {
    const sent = this.#sent;
    this.#sent = news;
    if (news.stateKey !== sent.stateKey || news.eventSeq !== sent.eventSeq) {
      await this.#sendEvent('state', news.state);
    }
    if (news.step !== sent.step) {
      await this.#sendEvent('step', news.step);
    }
    if (news.progress !== sent.progress) {
      await this.#sendEvent('progress', news.progress);
    }
  }

  /** Sends the next part of the log. @returns whether there was one */
  async #advance(snapshot: RunSnapshot): Promise<boolean> {
    const { logs, news } = snapshot;
    const log = logs.find(({ attempt }) => attempt === this.#place.attempt);
    if (log && this.#place.chunk < log.chunks) {
      const totals = { ...log, eventSeq: news.eventSeq };
      const piece = await this.#options.feed.pieces.read(this.#place, totals);
      if (piece) {
        this.#place = piece.next;
        await this.#send(piece.frame);
      } else {
        await this.#skipRemoved(log);
      }
      return true;
    }
    // A later attempt means that this one's log is complete
    const next = logs.find(({ attempt }) => attempt > this.#place.attempt);
    if (next) {
      this.#place = { attempt: next.attempt, chunk: 0, byte: 0 };
    }
    return next !== undefined;
  }

  async #skipRemoved(log: AttemptLog): Promise<void> {
    this.#place = { ...this.#place, chunk: log.chunks, byte: log.bytes };
    const reason = `The log of attempt ${log.attempt} was removed because it was older than logs are kept`;
    await this.#sendEvent('gap', JSON.stringify({ reason }));
  }

  async #sendEvent(name: RunStreamEventName, json: string): Promise<void> {
    const eventSeq = this.#sent.eventSeq ?? 0;
    await this.#send(eventFrame(name, { ...this.#place, eventSeq }, json));
  }

  async #send(frame: string | Buffer): Promise<void> {
    const { response, timings } = this.#options;
    this.#closed.signal.throwIfAborted();
    response.write(frame);
    if (response.writableLength > MAX_QUEUED_BYTES) {
      const patience = AbortSignal.timeout(timings.drainMs);
      await once(response, 'drain', {
        signal: AbortSignal.any([this.#closed.signal, patience]),
      });
    }
  }

  #ping(): void {
    const { response } = this.#options;
    if (!response.writableNeedDrain) {
      response.write(PING_FRAME);
    }
  }

  async #recheck(): Promise<void> {
    try {
      await this.#options.authorize();
    } catch {
      this.#close();
    }
  }

  #close(): void {
    this.#closed.abort();
    this.#wakeup.ring();
  }
}
