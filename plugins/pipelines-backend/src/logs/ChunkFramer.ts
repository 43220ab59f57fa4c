import { MAX_LOG_LINE_BYTES } from '@millrace/backstage-plugin-pipelines-common';
import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';
import { CR, ENDED, LF, LineEnds, OPEN, RETURNED } from './lineEnds';
import { LOG_STREAMS, type ChunkDraft, type LogStream } from './types';

/** Most bytes of one chunk. */
export const MAX_CHUNK_BYTES = MAX_LOG_LINE_BYTES;

/** Most lines of one chunk, so that one of empty lines is not large on the wire. */
export const MAX_CHUNK_LINES = 1_024;

/** Most bytes that follow the first one of a character in UTF-8. */
const MAX_CONTINUATION_BYTES = 3;

/**
 * Puts lines into chunks, every byte in the order in which it came.
 *
 * @remarks
 * Engines give one line at a time, at most 64 KiB long. A line that has more than one line feed
 * or is longer is taken apart here, because reading relies on it.
 */
export class ChunkFramer {
  readonly #ends: LineEnds;
  readonly #chunks: ChunkDraft[] = [];
  #parts: Buffer[] = [];
  #byteLength = 0;
  #lineCount = 0;
  #streamLines: number[] = [];
  #lineCuts: number[] = [];
  #carried: number;

  /** @param carried - how the last stored line of each stream ended; 0 at the beginning */
  constructor(carried: number) {
    this.#carried = carried;
    this.#ends = LineEnds.of(carried);
  }

  /** How the last added line of each stream ended. */
  get carried(): number {
    return this.#ends.toNumber();
  }

  add(line: RawLogLine): void {
    let rest = asBuffer(line.bytes);
    while (rest.length > 0) {
      const length = lineLength(rest);
      this.#addOne(line.stream, rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  }

  /** Every chunk of what was added; the framer is used up. */
  finish(): ChunkDraft[] {
    this.#closeChunk();
    return this.#chunks;
  }

  #addOne(stream: LogStream, bytes: Buffer): void {
    if (
      this.#byteLength + bytes.length > MAX_CHUNK_BYTES ||
      this.#lineCount === MAX_CHUNK_LINES
    ) {
      this.#closeChunk();
    }
    this.#parts.push(bytes);
    this.#byteLength += bytes.length;
    this.#lineCount += 1;
    this.#countFor(stream);
    const end = endOf(bytes);
    if (end !== ENDED) {
      this.#lineCuts.push(this.#byteLength);
    }
    this.#ends.set(stream, end);
  }

  #countFor(stream: LogStream): void {
    const runs = this.#streamLines;
    const isCurrent =
      runs.length > 0 && LOG_STREAMS[(runs.length - 1) % 2] === stream;
    if (isCurrent) {
      runs[runs.length - 1] += 1;
    } else if (runs.length === 0 && stream === 'stderr') {
      runs.push(0, 1);
    } else {
      runs.push(1);
    }
  }

  #closeChunk(): void {
    if (this.#lineCount === 0) {
      return;
    }
    this.#chunks.push({
      data: Buffer.concat(this.#parts, this.#byteLength),
      lineCount: this.#lineCount,
      streamLines: this.#streamLines,
      lineCuts: this.#lineCuts,
      carried: this.#carried,
    });
    this.#parts = [];
    this.#byteLength = 0;
    this.#lineCount = 0;
    this.#streamLines = [];
    this.#lineCuts = [];
    this.#carried = this.#ends.toNumber();
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function endOf(line: Buffer) {
  switch (line[line.length - 1]) {
    case LF:
      return ENDED;
    case CR:
      return RETURNED;
    default:
      return OPEN;
  }
}

/** Bytes of the first line, with its line feed; a longer one is cut between two characters. */
function lineLength(bytes: Buffer): number {
  const feed = bytes.indexOf(LF);
  const length = feed < 0 ? bytes.length : feed + 1;
  if (length <= MAX_LOG_LINE_BYTES) {
    return length;
  }
  for (let back = 0; back <= MAX_CONTINUATION_BYTES; back++) {
    if (!isContinuation(bytes[MAX_LOG_LINE_BYTES - back])) {
      return MAX_LOG_LINE_BYTES - back;
    }
  }
  return MAX_LOG_LINE_BYTES;
}

function isContinuation(byte: number): boolean {
  return byte >= 0b1000_0000 && byte < 0b1100_0000;
}
