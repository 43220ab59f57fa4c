import type { LogStream } from './types';

/** Line feed. */
export const LF = 0x0a;
/** Carriage return. */
export const CR = 0x0d;

/** With a line feed: the next line of the stream is a new one. */
export const ENDED = 0;
/** Without any end: the next line of the stream carries on. */
export const OPEN = 1;
/** With a carriage return: the next line of the stream is written over it. */
export const RETURNED = 2;

/** How a line ended. */
export type LineEnd = typeof ENDED | typeof OPEN | typeof RETURNED;

/** Two bits for each stream. */
const BASE = 4;

/** How the latest line of each stream ended, as it is stored with a chunk. */
export class LineEnds {
  readonly #ends: Record<LogStream, LineEnd>;

  private constructor(ends: Record<LogStream, LineEnd>) {
    this.#ends = ends;
  }

  /** From the value of the column `carried`; 0 is the beginning of a log. */
  static of(carried: number): LineEnds {
    return new LineEnds({
      stdout: (carried % BASE) as LineEnd,
      stderr: Math.trunc(carried / BASE) as LineEnd,
    });
  }

  get(stream: LogStream): LineEnd {
    return this.#ends[stream];
  }

  set(stream: LogStream, end: LineEnd): void {
    this.#ends[stream] = end;
  }

  /** The value of the column `carried`. */
  toNumber(): number {
    return this.#ends.stdout + this.#ends.stderr * BASE;
  }
}
