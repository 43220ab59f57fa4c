import { setTimeout as sleep } from 'node:timers/promises';
import { isError } from '@backstage/errors';
import type { DatabaseLogsStore } from './DatabaseLogsStore';
import { LogPieces } from './LogPieces';
import {
  readNews,
  snapshotOf,
  type RunNews,
  type RunSnapshot,
} from './RunSnapshot';
import type { StreamTimings } from './streamTimings';
import type { StreamedRuns } from './types';
import { Wakeup } from '../Wakeup';

/** What a {@link RunFeed} is made of. */
export interface RunFeedOptions {
  runId: string;
  runs: StreamedRuns;
  store: DatabaseLogsStore;
  timings: StreamTimings;
  /** Told of reads that failed; they are tried again. */
  onError: (error: unknown) => void;
}

interface Waiter {
  /** The first read that satisfies it. */
  read: number;
  resolve: (snapshot: RunSnapshot) => void;
  reject: (error: unknown) => void;
}

/**
 * Reads one run from the database for all of its viewers in this process.
 *
 * @remarks
 * It reads when something wakes it and polls otherwise, so that a run whose worker is another
 * process is followed as well.
 */
export class RunFeed {
  readonly pieces: LogPieces;
  readonly #options: RunFeedOptions;
  readonly #wakeup = new Wakeup();
  readonly #changes = new Set<() => void>();
  #waiters: Waiter[] = [];
  #latest: RunSnapshot | undefined;
  #latestJson = '';
  #reads = 0;
  #newsReadAt = -Infinity;
  #newsAreOld = true;
  #newsAreWanted = false;
  #stopped = false;

  constructor(options: RunFeedOptions) {
    this.#options = options;
    this.pieces = new LogPieces(options);
  }

  /** Begins to read; never rejects. */
  start(): void {
    this.#keepReading();
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeup.ring();
    this.#changes.forEach(changed => changed());
  }

  /** Something of the run changed. */
  wake(options: { state: boolean }): void {
    this.#newsAreOld = true;
    this.#newsAreWanted ||= options.state;
    this.#wakeup.ring();
  }

  /**
   * What the database says after this call.
   *
   * @throws what the read throws
   */
  readAgain(): Promise<RunSnapshot> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ read: this.#reads + 1, resolve, reject });
      this.wake({ state: true });
    });
  }

  /** Calls the function at each change of what is read, until the returned one is called. */
  onChange(changed: () => void): () => void {
    this.#changes.add(changed);
    return () => {
      this.#changes.delete(changed);
    };
  }

  /** The newest that is known; undefined before the first read. */
  get latest(): RunSnapshot | undefined {
    return this.#latest;
  }

  /** Nothing more will be read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  async #keepReading(): Promise<void> {
    const { timings, onError } = this.#options;
    while (!this.#stopped) {
      const startedAt = performance.now();
      const read = ++this.#reads;
      try {
        const snapshot = await this.#read();
        this.#settle(read, waiter => waiter.resolve(snapshot));
      } catch (error) {
        onError(error);
        this.#settle(read, waiter => waiter.reject(error));
        if (isError(error) && error.name === 'NotFoundError') {
          this.stop();
        }
      }
      await this.#wakeup.sleep(this.#pollMs);
      await sleep(
        Math.max(startedAt + timings.minReadMs - performance.now(), 0),
      );
    }
    this.#settle(Infinity, waiter =>
      waiter.reject(new Error(`Run '${this.#options.runId}' is not read now`)),
    );
  }

  get #pollMs(): number {
    const { pollMs, idlePollMs } = this.#options.timings;
    return this.#latest?.active ? pollMs : idlePollMs;
  }

  async #read(): Promise<RunSnapshot> {
    const { store, runId } = this.#options;
    const news = await this.#readNewsIfDue();
    const logs = await store.readAttemptLogs(runId);
    const snapshot = snapshotOf(news, logs);
    const json = JSON.stringify(snapshot);
    if (json !== this.#latestJson) {
      this.#latest = snapshot;
      this.#latestJson = json;
      this.#changes.forEach(changed => changed());
    }
    return snapshot;
  }

  async #readNewsIfDue(): Promise<RunNews> {
    const { runs, runId, timings } = this.#options;
    const ageMs = performance.now() - this.#newsReadAt;
    const isDue =
      this.#newsAreWanted ||
      ageMs >= (this.#newsAreOld ? timings.minRunReadMs : timings.runPollMs);
    if (this.#latest && !isDue) {
      return this.#latest.news;
    }
    this.#newsReadAt = performance.now();
    this.#newsAreOld = false;
    this.#newsAreWanted = false;
    try {
      return await readNews(runs, runId);
    } catch (error) {
      this.#newsAreWanted = true;
      throw error;
    }
  }

  #settle(read: number, settle: (waiter: Waiter) => void): void {
    const due = this.#waiters.filter(waiter => waiter.read <= read);
    this.#waiters = this.#waiters.filter(waiter => waiter.read > read);
    due.forEach(settle);
  }
}
