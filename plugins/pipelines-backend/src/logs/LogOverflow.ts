import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';

/** How much of the end is kept of a log that met its limit, in bytes. */
export const KEPT_TAIL_BYTES = 1024 * 1024;

/** How many dropped places the list of kept lines may have before it is made anew. */
const MAX_DROPPED_PLACES = 4_096;

/** What is not stored of a log that met its limit: counted, and the end of it kept in memory. */
export class LogOverflow {
  readonly #maxBytes: number;
  #tail: RawLogLine[] = [];
  #first = 0;
  #tailBytes = 0;
  #droppedLines = 0;
  #droppedBytes = 0;

  constructor(options: { maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? KEPT_TAIL_BYTES;
  }

  /** The newest lines, together at most the kept bytes. */
  get tail(): readonly RawLogLine[] {
    return this.#tail.slice(this.#first);
  }

  get droppedLines(): number {
    return this.#droppedLines;
  }

  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  add(line: RawLogLine): void {
    // A copy, because the line may be a small part of a large buffer
    this.#tail.push({ stream: line.stream, bytes: Buffer.from(line.bytes) });
    this.#tailBytes += line.bytes.length;
    while (this.#tailBytes > this.#maxBytes) {
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const { length } = this.#tail[this.#first].bytes;
    this.#first += 1;
    this.#tailBytes -= length;
    this.#droppedLines += 1;
    this.#droppedBytes += length;
    if (this.#first > MAX_DROPPED_PLACES) {
      this.#tail = this.#tail.slice(this.#first);
      this.#first = 0;
    }
  }
}
