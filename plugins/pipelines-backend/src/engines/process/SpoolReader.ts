import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { withDescriptors } from '../withDescriptors';

/** Stream byte and length in front of each line. */
const HEADER_BYTES = 5;
const MAX_READ_BYTES = 256 * 1024;
const SEGMENT_SUFFIX = '.spool';

/** One line of the spool. */
export interface SpoolRecord {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
  /** Position after it. */
  position: number;
}

/** Reads the spool that a shim writes; see `shim/spool.js` for its form. */
export class SpoolReader {
  #file?: { handle: FileHandle; start: number };

  /**
   * @param folder - the attempt's spool folder
   * @param position - everything before it was read earlier
   */
  constructor(private readonly folder: string, public position: number) {}

  /**
   * Reads the next lines, at most 256 KiB.
   *
   * @param until - a position that is known to be written; Infinity: to the end of what is there
   * @returns nothing when there is no whole line before `until`
   */
  async read(until: number): Promise<SpoolRecord[]> {
    while (this.position < until) {
      if (!this.#file && !(await this.#openSegment())) {
        return [];
      }
      const data = await this.#readSegment(until);
      if (data.length > 0) {
        return this.#parse(data, until === Infinity);
      }
      await this.close();
      if (!(await this.#hasSegmentAt(this.position))) {
        return [];
      }
    }
    return [];
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }

  async #readSegment(until: number): Promise<Buffer> {
    const { handle, start } = this.#file!;
    const wanted = Math.min(until - this.position, MAX_READ_BYTES);
    const buffer = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await handle.read(
      buffer,
      0,
      wanted,
      this.position - start,
    );
    return buffer.subarray(0, bytesRead);
  }

  /** @param isAll - what is cut off at the end will never be completed: its shim was killed */
  #parse(data: Buffer, isAll: boolean): SpoolRecord[] {
    const records: SpoolRecord[] = [];
    let offset = 0;
    while (offset + HEADER_BYTES <= data.length) {
      const start = offset + HEADER_BYTES;
      const end = start + data.readUInt32BE(offset + 1);
      const isCut = end > data.length;
      if (isCut && !(isAll && offset === 0 && start < data.length)) {
        break;
      }
      const stream = data[offset] === 1 ? 'stdout' : 'stderr';
      offset = Math.min(end, data.length);
      this.position += offset - start + HEADER_BYTES;
      records.push({
        stream,
        bytes: data.subarray(start, offset),
        position: this.position,
      });
    }
    return records;
  }

  /** Opens the segment that has the position, or the first one after what is gone. */
  async #openSegment(): Promise<boolean> {
    const starts = await this.#segments();
    const start = starts.findLast(value => value <= this.position) ?? starts[0];
    if (start === undefined) {
      return false;
    }
    this.position = Math.max(this.position, start);
    const name = `${String(start).padStart(16, '0')}${SEGMENT_SUFFIX}`;
    const file = path.join(this.folder, name);
    this.#file = {
      handle: await withDescriptors(() => open(file, 'r')),
      start,
    };
    return true;
  }

  async #hasSegmentAt(position: number): Promise<boolean> {
    return (await this.#segments()).includes(position);
  }

  async #segments(): Promise<number[]> {
    const names = await withDescriptors(() => readdir(this.folder)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') {
          return [];
        }
        throw error;
      },
    );
    return names
      .filter(name => name.endsWith(SEGMENT_SUFFIX))
      .map(name => Number(name.slice(0, -SEGMENT_SUFFIX.length)))
      .sort((a, b) => a - b);
  }
}
