import type {
  LearntTemplates,
  LogLevelCounts,
  LogMark,
  LogSearch,
  LogSearchRequest,
} from '@millrace/backstage-plugin-pipelines-common';

/** Line numbers that are asked for at once; the server's limit. */
export const WINDOW_LINES = 10_000;

/** So often is a growing log searched for what was added; then it is searched anew. */
const MAX_PARTS = 40;

/** Marks of lines that were searched together. @internal */
export interface MarkedPart {
  from: number;
  markLines: number;
  marks: readonly LogMark[];
}

/** What is known of a search. @internal */
export interface FindFacts {
  /** Changes with every change of anything. */
  version: number;
  loading: boolean;
  error?: Error;
  /** Whether there is an answer. */
  answered: boolean;
  /** What the answer is to, as JSON. */
  wish?: string;
  found: number;
  /** Which of the found lines {@link FindFacts.lines} begins with. */
  index: number;
  /** Numbers of found lines, rising. */
  lines: readonly number[];
  levels?: LogLevelCounts;
  parts: readonly MarkedPart[];
  /** The line after the last one that was searched. */
  to: number;
  stopped?: LogSearch['stopped'];
  learnt?: LearntTemplates;
  /** Which of the found lines the reader is at, counted from 0. */
  current?: number;
}

/** Searches; see `LogsClient.search`. @internal */
export type SearchLog = (
  request: LogSearchRequest,
  signal: AbortSignal,
) => Promise<LogSearch>;

const NOTHING: Omit<FindFacts, 'version' | 'loading'> = {
  answered: false,
  wish: undefined,
  found: 0,
  index: 0,
  lines: [],
  levels: undefined,
  parts: [],
  to: 0,
  stopped: undefined,
  learnt: undefined,
  current: undefined,
};

/**
 * What one query finds in a log, as the server says it: how many lines, where they are, and the
 * reader's place among them.
 *
 * @remarks
 * At most {@link WINDOW_LINES} numbers are kept; others are asked for when the reader goes there.
 *
 * @internal
 */
export class LogFinder {
  readonly #search: SearchLog;
  readonly #listeners = new Set<() => void>();
  #facts: FindFacts = { ...NOTHING, version: 0, loading: false };
  #request: LogSearchRequest = {};
  #abort: AbortController | undefined;

  constructor(options: { search: SearchLog }) {
    this.#search = options.search;
  }

  readonly getFacts = (): FindFacts => this.#facts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Searches for something else.
   *
   * @param options - `near` is where the reader is; the found lines around it are wanted, or the
   * first ones when it is absent or `fromStart` says so
   * @returns the first found line from there on, or the last one before; undefined when there is
   * none, or another search has begun
   */
  async find(
    request: LogSearchRequest,
    options: { near?: number; fromStart?: boolean } = {},
  ): Promise<number | undefined> {
    const { near, fromStart } = options;
    this.#request = request;
    const answer = await this.#ask(
      near === undefined || fromStart ? { index: 0 } : { near },
    );
    if (!answer) {
      return undefined;
    }
    this.#take(answer);
    if (answer.lines.length === 0) {
      return undefined;
    }
    const offset = answer.lines.findIndex(line => line >= (near ?? 0));
    return this.#goTo(
      answer.index + (offset < 0 ? answer.lines.length - 1 : offset),
    );
  }

  /** Searches what was added to the log since. */
  async grow(totalLines: number): Promise<void> {
    const { answered, loading, stopped, to, parts } = this.#facts;
    if (!answered || loading || stopped || totalLines <= to) {
      return;
    }
    if (parts.length >= MAX_PARTS) {
      const answer = await this.#ask({ index: this.#facts.index });
      if (answer) {
        this.#take(answer);
      }
      return;
    }
    const answer = await this.#ask({ from: to });
    if (answer) {
      this.#add(answer);
    }
  }

  /** Goes on with a search that the server had stopped. */
  async goOn(): Promise<void> {
    const answer = await this.#ask({ from: this.#facts.to });
    if (answer) {
      this.#add(answer);
    }
  }

  /**
   * Goes to the next found line after one, or to the one before it; round at the ends.
   *
   * @returns its number; undefined when nothing was found
   */
  async step(
    direction: 'next' | 'previous',
    line: number,
  ): Promise<number | undefined> {
    const { found, lines, index, current } = this.#facts;
    if (found === 0) {
      return undefined;
    }
    const isAt = current !== undefined && lines[current - index] === line;
    const after = isAt
      ? current + 1
      : index + countBefore(lines, direction === 'next' ? line + 1 : line);
    const wanted = direction === 'next' ? after : (isAt ? current : after) - 1;
    return this.goTo((wanted + found) % found);
  }

  /** Goes to a found line by its place among them. @returns its number */
  async goTo(place: number): Promise<number | undefined> {
    const { index, lines } = this.#facts;
    if (place < index || place >= index + lines.length) {
      const answer = await this.#ask({
        index: Math.max(0, place - WINDOW_LINES / 2),
      });
      if (!answer) {
        return undefined;
      }
      this.#take(answer);
    }
    return this.#goTo(place);
  }

  /** Stops searching. */
  close(): void {
    this.#abort?.abort();
  }

  #goTo(current: number): number | undefined {
    this.#change({ current });
    return this.#facts.lines[current - this.#facts.index];
  }

  /** Undefined when it failed or another search has begun. */
  async #ask(where: LogSearchRequest): Promise<LogSearch | undefined> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#change({ loading: true, error: undefined });
    try {
      const request = { ...this.#request, ...where, limit: WINDOW_LINES };
      const answer = await this.#search(request, abort.signal);
      return abort.signal.aborted ? undefined : answer;
    } catch (error) {
      if (!abort.signal.aborted) {
        // What was found stays true when only more of the same could not be had.
        const isMore = this.#facts.wish === JSON.stringify(this.#request);
        this.#change({
          ...(!isMore && NOTHING),
          loading: false,
          error: error as Error,
        });
      }
      return undefined;
    }
  }

  #take(answer: LogSearch): void {
    this.#change({
      loading: false,
      answered: true,
      wish: JSON.stringify(this.#request),
      found: answer.found,
      index: answer.index,
      lines: answer.lines,
      levels: answer.levels,
      parts: [partOf(answer)],
      to: answer.to,
      stopped: answer.stopped,
      learnt: answer.learnt,
      current: undefined,
    });
  }

  #add(answer: LogSearch): void {
    const { found, index, lines, levels, parts } = this.#facts;
    const isWhole = index + lines.length === found;
    this.#change({
      loading: false,
      found: found + answer.found,
      lines: isWhole
        ? [...lines, ...answer.lines].slice(0, WINDOW_LINES)
        : lines,
      levels: levels && sumOf(levels, answer.levels),
      parts: [...parts, partOf(answer)],
      to: answer.to,
      stopped: answer.stopped,
    });
  }

  #change(facts: Partial<FindFacts>): void {
    this.#facts = {
      ...this.#facts,
      ...facts,
      version: this.#facts.version + 1,
    };
    this.#listeners.forEach(listener => listener());
  }
}

function partOf({ from, markLines, marks }: LogSearch): MarkedPart {
  return { from, markLines, marks };
}

function sumOf(a: LogLevelCounts, b: LogLevelCounts): LogLevelCounts {
  return {
    error: a.error + b.error,
    warn: a.warn + b.warn,
    info: a.info + b.info,
    debug: a.debug + b.debug,
    none: a.none + b.none,
  };
}

/** How many of the rising numbers are below `wanted`. @internal */
export function countBefore(
  numbers: readonly number[],
  wanted: number,
): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
