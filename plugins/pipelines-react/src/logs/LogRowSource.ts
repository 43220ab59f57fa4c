import type { LogLine } from '@millrace/backstage-plugin-pipelines-common';
import { countBefore, type FindFacts } from './LogFinder';
import type { LogStore } from './LogStore';

/** The rows of a log viewer: which line each one shows. @internal */
export interface LogRowSource {
  readonly rowCount: number;
  lineOfRow(row: number): number;
  /** The row of a line, or the next one where the line has none. */
  rowOfLine(number: number): number;
  lineAt(number: number): LogLine | undefined;
  /** Loads the lines of these rows, from the first line to the last. */
  need(firstLine: number, lastLine: number): void;
}

/** Only the lines that were found; the others are hidden. @internal */
export class FoundRows implements LogRowSource {
  readonly #store: LogStore;
  readonly #lines: readonly number[];

  constructor(store: LogStore, find: Pick<FindFacts, 'lines'>) {
    this.#store = store;
    this.#lines = find.lines;
  }

  get rowCount(): number {
    return this.#lines.length;
  }

  lineOfRow(row: number): number {
    return this.#lines[row] ?? 0;
  }

  rowOfLine(number: number): number {
    const row = countBefore(this.#lines, number);
    return Math.max(0, Math.min(row, this.#lines.length - 1));
  }

  lineAt(number: number): LogLine | undefined {
    return this.#store.lineAt(number);
  }

  need(firstLine: number, lastLine: number): void {
    const first = countBefore(this.#lines, firstLine);
    const end = countBefore(this.#lines, lastLine + 1);
    this.#store.pick(this.#lines.slice(first, end));
  }
}
