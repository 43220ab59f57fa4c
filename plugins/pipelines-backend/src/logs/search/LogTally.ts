import {
  levelOfLine,
  MAX_FOUND_LINES,
  MAX_LOG_MARKS,
  type LogLevelCounts,
  type LogMark,
} from '@millrace/backstage-plugin-pipelines-common';
import type { LogChunk } from '../types';
import { forEachShownLine, SearchedLine } from './ChunkLines';
import type { LineTest } from './lineTest';

/** Counts what a search meets, chunk after chunk. */
export class LogTally {
  readonly #test: LineTest;
  readonly #from: number;
  readonly #to: number;
  readonly #within: { from: number; to: number };
  readonly #marks: LogMark[] = [];
  /** Lines that one mark stands for. */
  readonly markLines: number;
  readonly found: number[] = [];
  readonly levels: LogLevelCounts = {
    error: 0,
    warn: 0,
    info: 0,
    debug: 0,
    none: 0,
  };
  #next: number;

  constructor(options: {
    test: LineTest;
    /** The lines `[from, to)` are looked at. */
    from: number;
    to: number;
    /** Only lines in `[from, to)` are found. */
    within?: { from: number; to: number };
  }) {
    this.#test = options.test;
    this.#from = options.from;
    this.#to = options.to;
    this.#within = options.within ?? { from: 0, to: Infinity };
    this.#next = options.from;
    this.markLines = Math.max(
      1,
      Math.ceil((options.to - options.from) / MAX_LOG_MARKS),
    );
  }

  /** The line after the last one that was looked at. */
  get next(): number {
    return this.#next;
  }

  /** So many were found that the search has to stop. */
  get isFull(): boolean {
    return this.found.length >= MAX_FOUND_LINES;
  }

  /** What is marked of each part that was looked at. */
  get marks(): LogMark[] {
    const count = Math.ceil((this.#next - this.#from) / this.markLines);
    return Array.from({ length: count }, (_, part) => this.#marks[part] ?? {});
  }

  /** Looks at the lines of the next chunk. */
  add(chunk: LogChunk): void {
    const line = new SearchedLine(chunk.data);
    const mayFind = this.#test.chunk(line);
    forEachShownLine(chunk, line, () => {
      const { number } = line;
      if (number >= this.#from && number < this.#to) {
        this.#addLine(line, mayFind);
      }
    });
    const end = chunk.firstLine + chunk.lineCount;
    this.#next = Math.max(this.#next, Math.min(end, this.#to));
  }

  #addLine(line: SearchedLine, mayFind: boolean): void {
    const level = levelOfLine(line.head);
    this.levels[level ?? 'none'] += 1;
    if (level === 'error' || level === 'warn') {
      this.#mark(level, line.number);
    }
    if (
      mayFind &&
      this.#isWithin(line.number) &&
      this.#test.line(line, level)
    ) {
      this.found.push(line.number);
      this.#mark('found', line.number);
    }
  }

  #isWithin(number: number): boolean {
    return number >= this.#within.from && number < this.#within.to;
  }

  #mark(kind: keyof LogMark, number: number): void {
    const part = Math.floor((number - this.#from) / this.markLines);
    const mark = (this.#marks[part] ??= {});
    mark[kind] ??= number;
  }
}
