import { decodeChunk } from './decodeChunk';
import type { DatabaseLogsStore } from './DatabaseLogsStore';
import { eventFrame } from './streamFrames';
import type { AttemptId, LogChunk } from './types';

/** Most bytes of one `log` event, unless one chunk alone has more. */
const MAX_EVENT_BYTES = 256 * 1024;

/** What a line has on the wire besides its text, in bytes. */
const LINE_OVERHEAD_BYTES = 96;

/** Chunks are 64 KiB at most, so this is enough for an event. */
const READ_BYTES = MAX_EVENT_BYTES / 2;

/** Pieces that are kept for viewers a little behind. */
const MAX_KEPT_PIECES = 16;

/** Where a viewer is in a log: before this chunk, which begins at this byte. */
export interface LogPlace {
  attempt: number;
  chunk: number;
  byte: number;
}

/** A part of a log, ready to be sent. */
export interface LogPiece {
  /** The event, in bytes. */
  frame: Buffer;
  /** Where the viewer is after it. */
  next: LogPlace;
}

/** What the event says besides the lines. */
export interface LogTotals {
  lines: number;
  bytes: number;
  eventSeq: number;
}

/**
 * Reads a run's logs for its viewers: each part once, however many are at the same place.
 */
export class LogPieces {
  readonly #store: DatabaseLogsStore;
  readonly #runId: string;
  readonly #kept = new Map<string, Promise<LogPiece | undefined>>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: { store: DatabaseLogsStore; runId: string }) {
    this.#store = options.store;
    this.#runId = options.runId;
  }

  /** The part that begins at this place; undefined when nothing is stored there. */
  read(place: LogPlace, totals: LogTotals): Promise<LogPiece | undefined> {
    const key = `${place.attempt}.${place.chunk}`;
    const kept = this.#kept.get(key);
    if (kept) {
      return kept;
    }
    const piece = this.#reading.then(() => this.#read(place, totals));
    this.#reading = piece.catch(() => {});
    this.#keep(key, piece);
    return piece;
  }

  #keep(key: string, piece: Promise<LogPiece | undefined>): void {
    const forget = () => this.#kept.delete(key);
    this.#kept.set(key, piece);
    piece.then(found => found ?? forget(), forget);
    if (this.#kept.size > MAX_KEPT_PIECES) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest);
    }
  }

  async #read(
    place: LogPlace,
    totals: LogTotals,
  ): Promise<LogPiece | undefined> {
    const id: AttemptId = { runId: this.#runId, attempt: place.attempt };
    const read = await this.#store.readChunks({
      ...id,
      fromChunk: place.chunk,
      maxBytes: READ_BYTES,
    });
    const chunks = fitting(read);
    const last = chunks.at(-1);
    if (!last) {
      return undefined;
    }
    const next: LogPlace = {
      attempt: place.attempt,
      chunk: last.chunkNo + 1,
      byte: last.byteStart + last.data.length,
    };
    const json = JSON.stringify({
      attempt: place.attempt,
      lines: chunks.flatMap(chunk => decodeChunk(chunk)),
      totalLines: Math.max(totals.lines, last.firstLine + last.lineCount),
      totalBytes: Math.max(totals.bytes, next.byte),
    });
    const cursor = { ...next, eventSeq: totals.eventSeq };
    return { frame: Buffer.from(eventFrame('log', cursor, json)), next };
  }
}

function fitting(chunks: readonly LogChunk[]): LogChunk[] {
  let bytes = 0;
  return chunks.filter((chunk, index) => {
    bytes += chunk.data.length + chunk.lineCount * LINE_OVERHEAD_BYTES;
    return index === 0 || bytes <= MAX_EVENT_BYTES;
  });
}
