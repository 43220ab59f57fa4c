import { ServiceUnavailableError } from '@backstage/errors';
import type {
  LearntTemplates,
  LogLines,
  LogLinesQuery,
  LogQueryTerms,
  LogSearch,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { DatabaseLogsStore } from '../DatabaseLogsStore';
import { decodeChunk } from '../decodeChunk';
import { findLog, removedLog } from '../findLog';
import type { AttemptLog } from '../types';
import { lineTestOf } from './lineTest';
import { LogTally } from './LogTally';
import { scanLog } from './scanLog';

/** Most time that one search may take, ms; a log at its limit of 1 GiB needs about this. */
const SEARCH_BUDGET_MS = 10_000;

/** Most searches at once in this process: each needs a connection and up to half a core. */
const MAX_SEARCHES = 4;

/** Lines, `[from, to)`. */
export interface LineRange {
  from: number;
  to: number;
}

/** Tells novel lines, and from what it knows them. */
export interface NovelLines {
  isNovel(text: string): boolean;
  learnt: LearntTemplates;
}

/** What is searched for in one log, and which of the found lines are listed. */
export interface SearchWish {
  terms: LogQueryTerms;
  from: number;
  index?: number;
  near?: number;
  limit: number;
  /** Only lines in here are found. */
  within?: LineRange;
  /** Needed when the terms ask for novel lines. */
  novel?: NovelLines;
}

/** Finds lines in whole logs. */
export class LogSearcher {
  readonly #store: DatabaseLogsStore;
  readonly #budgetMs: number;
  #searches = 0;

  constructor(options: {
    knex: Knex;
    /** Most time that one search may take; default 10 s. */
    budgetMs?: number;
  }) {
    this.#store = new DatabaseLogsStore(options.knex);
    this.#budgetMs = options.budgetMs ?? SEARCH_BUDGET_MS;
  }

  /**
   * Looks at every line of an attempt's log, by default the latest.
   *
   * @param signal - ends the search when the caller has gone
   * @throws NotFoundError when there is no such attempt, or its log was removed;
   * ServiceUnavailableError when too many searches are going on
   */
  async search(
    runId: string,
    wish: SearchWish,
    signal: AbortSignal,
  ): Promise<LogSearch> {
    if (this.#searches >= MAX_SEARCHES) {
      throw new ServiceUnavailableError(
        `This process already searches ${MAX_SEARCHES} logs; try again in a few seconds`,
      );
    }
    this.#searches += 1;
    try {
      return await this.#search(runId, wish, signal);
    } finally {
      this.#searches -= 1;
    }
  }

  /**
   * Lines by number, as many of them as there are.
   *
   * @throws NotFoundError when there is no such attempt
   */
  async readLines(runId: string, query: LogLinesQuery): Promise<LogLines> {
    const log = await findLog(this.#store, runId, query.attempt);
    if (!log) {
      return { attempt: 0, lines: [] };
    }
    const wanted = new Set(query.numbers.filter(n => n < log.lines));
    const chunks = await this.#store.readChunksOfLines({
      runId,
      attempt: log.attempt,
      numbers: [...wanted],
    });
    return {
      attempt: log.attempt,
      lines: chunks
        .flatMap(chunk => decodeChunk(chunk))
        .filter(({ number }) => wanted.has(number)),
    };
  }

  async #search(
    runId: string,
    wish: SearchWish,
    signal: AbortSignal,
  ): Promise<LogSearch> {
    const startedAt = performance.now();
    const { terms, novel } = wish;
    const log = await findLog(this.#store, runId, terms.attempt);
    const lines = log?.lines ?? 0;
    const tally = new LogTally({
      test: lineTestOf(terms, novel?.isNovel),
      from: Math.min(wish.from, lines),
      to: lines,
      within: wish.within,
    });
    const stop =
      log && wish.from < lines
        ? await this.#scan({ runId, log, tally, wish, signal })
        : undefined;
    const index = windowStart(tally.found, wish);
    return {
      attempt: log?.attempt ?? 0,
      from: Math.min(wish.from, lines),
      to: tally.next,
      totalLines: lines,
      ...(stop && { stopped: stop }),
      found: tally.found.length,
      index,
      lines: tally.found.slice(index, index + wish.limit),
      levels: tally.levels,
      markLines: tally.markLines,
      marks: tally.marks,
      ...(novel && { learnt: novel.learnt }),
      tookMs: Math.round(performance.now() - startedAt),
    };
  }

  async #scan(options: {
    runId: string;
    log: AttemptLog;
    tally: LogTally;
    wish: SearchWish;
    signal: AbortSignal;
  }): Promise<LogSearch['stopped']> {
    const { runId, log, tally, wish, signal } = options;
    const attemptId = { runId, attempt: log.attempt };
    const stop = await scanLog({
      store: this.#store,
      log: attemptId,
      fromChunk: await this.#store.findChunkOfLine({
        ...attemptId,
        line: wish.from,
      }),
      toChunk: log.chunks,
      budgetMs: this.#budgetMs,
      signal,
      visit: chunk => {
        tally.add(chunk);
        return !tally.isFull;
      },
    });
    if (stop === 'removed') {
      throw removedLog(runId, log.attempt);
    }
    return stop === 'visitor' ? 'found' : stop;
  }
}

/** Which of the found lines the list begins with. */
function windowStart(
  found: readonly number[],
  { index, near, limit }: SearchWish,
): number {
  if (near === undefined) {
    return Math.min(index ?? 0, found.length);
  }
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (found[middle] < near) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const start = Math.min(
    low - Math.floor(limit / 2),
    Math.max(0, found.length - limit),
  );
  return Math.max(0, start);
}
