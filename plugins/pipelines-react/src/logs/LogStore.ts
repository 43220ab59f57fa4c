import type {
  LogLine,
  LogPage,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  FAILURE_PAUSE_MS,
  PickedLines,
  type PickLogLines,
} from './PickedLines';
import type { LogRowSource } from './LogRowSource';
import type { LogTailEvent } from './LogTail';

/** Lines of one page: the unit of loading and of forgetting. @internal */
export const PAGE_LINES = 1_000;
/** Pages that are kept; the least recently used is forgotten first. */
const MAX_PAGES = 60;

/** What is known of a log. @internal */
export interface LogFacts {
  /** Changes with every change of anything. */
  version: number;
  attempt?: number;
  totalLines: number;
  totalBytes: number;
  complete: boolean;
  truncated: boolean;
  /** Whether the first answer is there. */
  loaded: boolean;
  error?: Error;
  /** When {@link LogFacts.error} came, by `performance.now()`. */
  failedAt?: number;
}

/** Reads a range of lines; see `PipelinesClient.getRunLog`. @internal */
export type LoadLogRange = (
  range: { cursor?: number; direction?: 'forward' | 'backward'; limit: number },
  signal: AbortSignal,
) => Promise<LogPage>;

/**
 * The lines of one attempt's log as far as they were needed: pages loaded by range, and a tail
 * that grows by stream or by polling.
 *
 * @remarks
 * A line's number is its address. A row is a line that is shown: lines that a later one
 * replaced after a carriage return, as progress bars do, have no row. Which lines those are is
 * only known of pages that were loaded; until then a page counts as if all its lines were rows.
 *
 * @internal
 */
export class LogStore implements LogRowSource {
  readonly #load: LoadLogRange;
  readonly #picked: PickedLines;
  readonly #listeners = new Set<() => void>();
  readonly #pages = new Map<number, Map<number, LogLine>>();
  readonly #hidden = new Map<number, Set<number>>();
  readonly #loading = new Map<number, AbortController>();
  #facts: LogFacts = {
    version: 0,
    totalLines: 0,
    totalBytes: 0,
    complete: false,
    truncated: false,
    loaded: false,
  };
  #rowStarts: number[] | undefined;
  #visible = new Map<number, number[]>();

  constructor(options: { load: LoadLogRange; pick?: PickLogLines }) {
    this.#load = options.load;
    this.#picked = new PickedLines({
      pick: options.pick,
      onChange: error => this.#change(failureOf(error)),
    });
  }

  readonly getFacts = (): LogFacts => this.#facts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the end of the log, which tells how long it is. */
  async open(): Promise<void> {
    await this.#read(-1, { direction: 'backward', limit: PAGE_LINES });
  }

  /** Reads what was added since. */
  async poll(): Promise<void> {
    const { totalLines: cursor, loaded } = this.#facts;
    await (loaded
      ? this.#read(-1, { cursor, limit: PAGE_LINES })
      : this.open());
  }

  /**
   * Loads the pages of these lines that are missing, and stops loading others; after a failure
   * nothing is loaded for {@link FAILURE_PAUSE_MS}.
   */
  need(firstLine: number, lastLine: number): void {
    const first = pageOfLine(Math.max(0, firstLine));
    const last = pageOfLine(Math.min(lastLine, this.#facts.totalLines - 1));
    for (const [page, abort] of this.#loading) {
      if (page >= 0 && (page < first || page > last)) {
        abort.abort();
        this.#loading.delete(page);
      }
    }
    if (pauseAfterFailure(this.#facts) > 0) {
      return;
    }
    for (let page = first; page <= last; page += 1) {
      if (this.#isMissing(page)) {
        this.#read(page, { cursor: page * PAGE_LINES, limit: PAGE_LINES });
      }
    }
  }

  /** Loads single lines that are missing, wherever they are. */
  pick(numbers: readonly number[]): void {
    this.#picked.need(
      numbers.filter(number => this.lineAt(number) === undefined),
    );
  }

  /** Takes lines of the stream. */
  append(event: LogTailEvent): void {
    this.#put(event.lines);
    this.#change({
      attempt: event.attempt,
      totalLines: Math.max(this.#facts.totalLines, event.totalLines),
      totalBytes: Math.max(this.#facts.totalBytes, event.totalBytes),
      loaded: true,
    });
  }

  /** Stops all loading. */
  close(): void {
    this.#loading.forEach(abort => abort.abort());
    this.#loading.clear();
    this.#picked.close();
  }

  lineAt(number: number): LogLine | undefined {
    return (
      this.#pages.get(pageOfLine(number))?.get(number) ??
      this.#picked.get(number)
    );
  }

  get rowCount(): number {
    return this.#starts().at(-1) ?? 0;
  }

  /** The number of the line that a row shows. */
  lineOfRow(row: number): number {
    const starts = this.#starts();
    const page = lastAtMost(starts, row);
    const offset = row - starts[page];
    const visible = this.#visibleOf(page);
    return visible ? visible[offset] : page * PAGE_LINES + offset;
  }

  /** The row that shows a line, or the next one where the line is replaced. */
  rowOfLine(number: number): number {
    const page = pageOfLine(number);
    const start = this.#starts()[page] ?? this.rowCount;
    const visible = this.#visibleOf(page);
    const offset = visible
      ? visible.findIndex(line => line >= number)
      : number - page * PAGE_LINES;
    return Math.max(
      0,
      Math.min(
        start + (offset < 0 ? visible?.length ?? 0 : offset),
        this.rowCount - 1,
      ),
    );
  }

  async #read(page: number, range: Parameters<LoadLogRange>[0]): Promise<void> {
    if (this.#loading.has(page)) {
      return;
    }
    const abort = new AbortController();
    this.#loading.set(page, abort);
    try {
      const answer = await this.#load(range, abort.signal);
      this.#put(answer.lines);
      this.#touch(page);
      this.#change({
        attempt: answer.attempt,
        totalLines: Math.max(this.#facts.totalLines, answer.totalLines),
        totalBytes: Math.max(this.#facts.totalBytes, answer.totalBytes),
        complete: answer.complete,
        truncated: answer.truncated,
        loaded: true,
        ...failureOf(undefined),
      });
    } catch (error) {
      if (!abort.signal.aborted) {
        this.#change(failureOf(error as Error));
      }
    } finally {
      if (this.#loading.get(page) === abort) {
        this.#loading.delete(page);
      }
    }
  }

  #isMissing(page: number): boolean {
    const wanted = Math.min(
      PAGE_LINES,
      this.#facts.totalLines - page * PAGE_LINES,
    );
    this.#touch(page);
    return (this.#pages.get(page)?.size ?? 0) < wanted;
  }

  #put(lines: readonly LogLine[]): void {
    for (const line of lines) {
      const page = pageOfLine(line.number);
      const known = this.#pages.get(page) ?? new Map<number, LogLine>();
      known.set(line.number, line);
      this.#pages.set(page, known);
    }
    // Only when all are there, because a line may replace one of the page before.
    for (const line of lines) {
      if (line.replaces) {
        this.#hideReplacedBy(line);
      }
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) {
        break;
      }
      this.#pages.delete(page);
    }
  }

  #hideReplacedBy(line: LogLine): void {
    let before = this.#previousOf(line);
    while (before) {
      const page = pageOfLine(before.number);
      const hidden = this.#hidden.get(page) ?? new Set<number>();
      hidden.add(before.number);
      this.#hidden.set(page, hidden);
      this.#visible.delete(page);
      before = before.continues ? this.#previousOf(before) : undefined;
    }
  }

  /** The line of the same stream before this one, if it is loaded. */
  #previousOf(line: LogLine): LogLine | undefined {
    const end = Math.max(0, line.number - PAGE_LINES);
    for (let number = line.number - 1; number >= end; number -= 1) {
      const candidate = this.lineAt(number);
      if (!candidate || candidate.stream === line.stream) {
        return candidate;
      }
    }
    return undefined;
  }

  #touch(page: number): void {
    const lines = this.#pages.get(page);
    if (lines) {
      this.#pages.delete(page);
      this.#pages.set(page, lines);
    }
  }

  #visibleOf(page: number): number[] | undefined {
    const hidden = this.#hidden.get(page);
    if (!hidden) {
      return undefined;
    }
    let visible = this.#visible.get(page);
    if (!visible) {
      visible = [];
      const first = page * PAGE_LINES;
      for (let n = first; n < first + this.#linesIn(page); n += 1) {
        if (!hidden.has(n)) {
          visible.push(n);
        }
      }
      this.#visible.set(page, visible);
    }
    return visible;
  }

  #linesIn(page: number): number {
    return Math.max(
      0,
      Math.min(PAGE_LINES, this.#facts.totalLines - page * PAGE_LINES),
    );
  }

  /** The first row of each page, and after them the number of rows. */
  #starts(): number[] {
    if (!this.#rowStarts) {
      const pages = Math.ceil(this.#facts.totalLines / PAGE_LINES);
      const starts = [0];
      for (let page = 0; page < pages; page += 1) {
        const rows = this.#linesIn(page) - (this.#hidden.get(page)?.size ?? 0);
        starts.push(starts[page] + rows);
      }
      this.#rowStarts = starts;
    }
    return this.#rowStarts;
  }

  #change(facts: Partial<LogFacts>): void {
    const lastPage = pageOfLine(this.#facts.totalLines);
    this.#visible.delete(lastPage);
    this.#visible.delete(lastPage - 1);
    this.#rowStarts = undefined;
    this.#facts = {
      ...this.#facts,
      ...facts,
      version: this.#facts.version + 1,
    };
    this.#listeners.forEach(listener => listener());
  }
}

/** How long no lines are asked for now, because some could not be read, ms. @internal */
export function pauseAfterFailure({ failedAt }: LogFacts): number {
  return failedAt === undefined
    ? 0
    : Math.max(0, failedAt + FAILURE_PAUSE_MS - performance.now());
}

function failureOf(
  error: Error | undefined,
): Pick<LogFacts, 'error' | 'failedAt'> {
  return { error, failedAt: error && performance.now() };
}

function pageOfLine(number: number): number {
  return Math.floor(number / PAGE_LINES);
}

/** The last index whose value is at most `wanted`, in a list that rises; its last value is an end. */
function lastAtMost(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (values[middle] <= wanted) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Math.max(0, low);
}
