import { JsonValueScanner, isJsonWhitespace } from './JsonValueScanner.ts';
import { findRecordStart } from './findRecordStart.ts';

/** Bytes that can be read from any position. */
export type RandomAccessBytes = {
  readonly size: number;
  read(position: number, length: number, into?: Buffer): Promise<Buffer>;
};

/** One element of the array, or a stretch of the file that is not one. */
export type ScannedItem =
  /** `bytes` are to be used or copied before the next element is asked for. */
  | { kind: 'record'; offset: number; bytes: Buffer }
  | { kind: 'damagedRecord'; offset: number; length: number; message: string }
  | { kind: 'damage'; offset: number; length: number; message: string };

/** How a scan behaves. */
export type ScanOptions = {
  /** Keys that only a record starts with; where the scan picks up again after damage. */
  recordKeys: readonly string[];
  /** A longer element is damage. Default 16 MiB. */
  maxRecordBytes?: number;
  /** Bytes read at once. Default 256 KiB. */
  windowBytes?: number;
};

/** The file does not hold a JSON array at all. */
export class NotAnArrayError extends Error {
  override name = 'NotAnArrayError';
}

const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;
const DEFAULT_WINDOW_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

type ValueEnd =
  | { kind: 'whole'; end: number }
  | { kind: 'broken'; message: string };

class RecordScan {
  private readonly source: RandomAccessBytes;
  private readonly options: Required<ScanOptions>;
  private readonly value = new JsonValueScanner();
  // One buffer for the whole scan: a new one per window would pile up faster than it is collected
  private readonly buffer: Buffer;
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  constructor(source: RandomAccessBytes, options: ScanOptions) {
    this.source = source;
    this.options = {
      maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
      windowBytes: DEFAULT_WINDOW_BYTES,
      ...options,
    };
    this.buffer = Buffer.allocUnsafe(this.options.windowBytes);
  }

  async *run(): AsyncGenerator<ScannedItem> {
    let position = await this.openArray();
    let expectsRecord = true; // Whether a comma would be one too many here
    let isFirst = true;
    for (;;) {
      position = await this.skipWhitespace(position);
      const byte = await this.byteAt(position);
      if (byte === undefined) {
        yield this.damage(position, position, 'the array has no end');
        return;
      }
      if (byte === CLOSE_LIST) {
        if (expectsRecord && !isFirst) {
          yield this.damage(position, position + 1, 'a comma before the end');
        }
        yield* this.afterArray(position + 1);
        return;
      }
      if (byte === COMMA) {
        if (expectsRecord) {
          yield this.damage(position, position + 1, 'a comma too many');
        }
        expectsRecord = true;
        position += 1;
        continue;
      }
      if (!expectsRecord) {
        yield this.damage(position, position, 'a comma is missing');
      }
      const item = await this.scanElement(position);
      yield item.scanned;
      position = item.next;
      isFirst = false;
      expectsRecord = item.scanned.kind === 'damagedRecord';
      if (expectsRecord && position >= this.source.size) {
        return;
      }
    }
  }

  private async openArray(): Promise<number> {
    const head = await this.source.read(0, BYTE_ORDER_MARK.length);
    const hasMark = BYTE_ORDER_MARK.every((byte, at) => head[at] === byte);
    const start = await this.skipWhitespace(
      hasMark ? BYTE_ORDER_MARK.length : 0,
    );
    const byte = await this.byteAt(start);
    if (byte !== OPEN_LIST) {
      const found =
        byte === undefined
          ? 'it is empty'
          : `it starts with ${JSON.stringify(String.fromCharCode(byte))}`;
      throw new NotAnArrayError(
        `The source is not a JSON array: ${found}, expected '[' and UTF-8`,
      );
    }
    return start + 1;
  }

  private async *afterArray(position: number): AsyncGenerator<ScannedItem> {
    const rest = await this.skipWhitespace(position);
    if (rest < this.source.size) {
      yield this.damage(rest, this.source.size, 'bytes behind the array');
    }
  }

  private async scanElement(
    start: number,
  ): Promise<{ scanned: ScannedItem; next: number }> {
    const end = await this.findEnd(start);
    if (end.kind === 'whole') {
      const bytes = await this.slice(start, end.end);
      return {
        scanned: { kind: 'record', offset: start, bytes },
        next: end.end,
      };
    }
    const next = await this.findNextRecord(start + 1);
    return {
      scanned: {
        kind: 'damagedRecord',
        offset: start,
        length: next - start,
        message: end.message,
      },
      next,
    };
  }

  private async findEnd(start: number): Promise<ValueEnd> {
    this.value.reset();
    let position = start;
    while (position < this.source.size) {
      if (position - start > this.options.maxRecordBytes) {
        return {
          kind: 'broken',
          message: `the record is longer than ${this.options.maxRecordBytes} bytes`,
        };
      }
      await this.load(position);
      const progress = this.value.push(
        this.window,
        position - this.windowStart,
      );
      if (progress.kind === 'end') {
        return { kind: 'whole', end: this.windowStart + progress.at };
      }
      if (progress.kind === 'failure') {
        const at = start + progress.failure.at;
        return {
          kind: 'broken',
          message: `${progress.failure.message} at byte ${at}`,
        };
      }
      position = this.windowStart + this.window.length;
    }
    return this.value.endsHere()
      ? { kind: 'whole', end: position }
      : { kind: 'broken', message: 'the file ends inside the record' };
  }

  private async findNextRecord(from: number): Promise<number> {
    // A start may lie across two windows, so they overlap by more than it can be long
    const overlap = 512;
    let position = from;
    while (position < this.source.size) {
      const bytes = await this.source.read(position, this.options.windowBytes);
      const found = findRecordStart(bytes, this.options.recordKeys);
      if (found >= 0) {
        return position + found;
      }
      if (position + bytes.length >= this.source.size) {
        break;
      }
      position += Math.max(1, bytes.length - overlap);
    }
    return this.source.size;
  }

  private damage(from: number, to: number, message: string): ScannedItem {
    return {
      kind: 'damage',
      offset: from,
      length: to - from,
      message: `${message} at byte ${from}`,
    };
  }

  private async slice(start: number, end: number): Promise<Buffer> {
    const from = start - this.windowStart;
    if (from >= 0 && end - this.windowStart <= this.window.length) {
      return this.window.subarray(from, end - this.windowStart);
    }
    return this.source.read(start, end - start);
  }

  private async load(position: number): Promise<void> {
    const end = this.windowStart + this.window.length;
    if (position < this.windowStart || position >= end) {
      this.window = await this.source.read(
        position,
        this.options.windowBytes,
        this.buffer,
      );
      this.windowStart = position;
    }
  }

  private async byteAt(position: number): Promise<number | undefined> {
    if (position >= this.source.size) {
      return undefined;
    }
    await this.load(position);
    return this.window[position - this.windowStart];
  }

  private async skipWhitespace(from: number): Promise<number> {
    let position = from;
    while (position < this.source.size) {
      await this.load(position);
      let index = position - this.windowStart;
      while (
        index < this.window.length &&
        isJsonWhitespace(this.window[index])
      ) {
        index += 1;
      }
      position = this.windowStart + index;
      if (index < this.window.length) {
        return position;
      }
    }
    return position;
  }
}

/**
 * Yields the elements of a JSON array as the exact bytes they have in the file.
 *
 * @remarks
 * Memory is bounded by one window and one element. What cannot be followed is
 * yielded as damage, and the scan goes on at the next place where a record
 * starts: looked for from the broken record's own start, because a lost bracket
 * makes it swallow the records behind it.
 */
export async function* scanRecords(
  source: RandomAccessBytes,
  options: ScanOptions,
): AsyncGenerator<ScannedItem> {
  yield* new RecordScan(source, options).run();
}
