// @ts-check
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

/** Stream byte and length in front of each line. */
const HEADER_BYTES = 5;
/** Above this much that is not written yet nothing more is read. */
const MAX_PENDING_BYTES = 1024 * 1024;
const NOTICE_INTERVAL_MS = 10;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

/**
 * The log on its way to the database: files in the attempt's folder, read by the worker, or by
 * the next one when this worker dies.
 *
 * @remarks
 * A position is the number of bytes of records before it, over the whole attempt. Each file is
 * named after the position that it begins with and holds whole records, each
 * `[stream: 1 byte][length: 4 bytes, big endian][line]`. Writes are asynchronous, because a
 * disk that hangs must not stop the shim's clock.
 */
class Spool {
  #filling = Buffer.allocUnsafeSlow(MAX_PENDING_BYTES);
  #writing = Buffer.allocUnsafeSlow(MAX_PENDING_BYTES);
  #pendingBytes = 0;
  /** @type {fs.promises.FileHandle | undefined} */
  #file;
  /** @type {{ start: number, end: number, file: string }[]} */
  #segments = [];
  /** @type {Promise<void> | undefined} */
  #work;
  #acknowledged = 0;
  #noticedAt = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #notice;
  #inTrouble = false;
  #gaveUp = false;

  /** Bytes on disk so far. */
  position = 0;
  /** Bytes that were given up. */
  unwritten = 0;

  /**
   * @param {object} options
   * @param {string} options.folder
   * @param {number} options.maxBytes unacknowledged bytes above which nothing more is read
   * @param {number} options.segmentBytes
   * @param {(position: number) => void} options.onPosition there is more to read
   * @param {(message: string) => void} options.onTrouble the disk refuses; told once each time
   * @param {() => void} options.onChange {@link Spool.isFull} may have changed
   */
  constructor(options) {
    this.options = options;
  }

  /** Nothing more should be read from the child. */
  get isFull() {
    return (
      this.#inTrouble ||
      this.#pendingBytes >= MAX_PENDING_BYTES / 2 ||
      this.position - this.#acknowledged > this.options.maxBytes
    );
  }

  /**
   * @param {number} stream 1 for stdout, 2 for stderr
   * @param {Buffer} line is copied
   */
  append(stream, line) {
    if (this.#gaveUp) {
      this.unwritten += line.length;
      return;
    }
    const end = this.#pendingBytes + HEADER_BYTES + line.length;
    if (end > this.#filling.length) {
      const larger = Buffer.allocUnsafeSlow(2 * end);
      this.#filling.copy(larger, 0, 0, this.#pendingBytes);
      this.#filling = larger;
    }
    this.#filling[this.#pendingBytes] = stream;
    this.#filling.writeUInt32BE(line.length, this.#pendingBytes + 1);
    line.copy(this.#filling, this.#pendingBytes + HEADER_BYTES);
    this.#pendingBytes = end;
  }

  /** @returns {Promise<void>} when everything that was appended is on disk, or given up */
  flush() {
    this.#work ??= this.#writeAll().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  /** Writes what is left, and closes the file. */
  async close() {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  /** @param {number} position the worker has stored everything before it */
  ack(position) {
    this.#acknowledged = Math.max(this.#acknowledged, position);
    while (
      this.#segments.length > 1 &&
      this.#segments[0].end <= this.#acknowledged
    ) {
      const [segment] = this.#segments.splice(0, 1);
      fs.rm(segment.file, { force: true }, () => {});
    }
    this.options.onChange();
  }

  /** Stops trying to write: there is nobody left who could wait for the disk. */
  giveUp() {
    this.#gaveUp = true;
  }

  async #writeAll() {
    while (this.#pendingBytes > 0) {
      const length = this.#pendingBytes;
      const data = this.#filling;
      this.#filling = this.#writing;
      this.#writing = data;
      this.#pendingBytes = 0;
      await this.#write(data, length);
      this.#tell();
      this.options.onChange();
    }
  }

  /**
   * @param {Buffer} data
   * @param {number} length
   */
  async #write(data, length) {
    let retryMs = FIRST_RETRY_MS;
    let offset = 0;
    while (offset < length) {
      try {
        const file = (this.#file ??= await this.#openSegment());
        const left = length - offset;
        const { bytesWritten } = await file.write(data, offset, left);
        offset += bytesWritten;
        this.position += bytesWritten;
        this.#segments[this.#segments.length - 1].end = this.position;
        this.#inTrouble = false;
      } catch (error) {
        if (this.#gaveUp) {
          this.unwritten += length - offset;
          return;
        }
        this.#report(error);
        await sleep(retryMs);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
    await this.#closeFullSegment();
  }

  async #openSegment() {
    const name = `${String(this.position).padStart(16, '0')}.spool`;
    const file = path.join(this.options.folder, name);
    const handle = await fs.promises.open(file, 'a', 0o600);
    this.#segments.push({ start: this.position, end: this.position, file });
    return handle;
  }

  async #closeFullSegment() {
    const { start } = this.#segments[this.#segments.length - 1];
    if (this.position - start >= this.options.segmentBytes) {
      await this.#file?.close();
      this.#file = undefined;
    }
  }

  /** @param {unknown} error */
  #report(error) {
    if (!this.#inTrouble) {
      this.#inTrouble = true;
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      const reason = code === 'ENOSPC' ? 'the disk is full' : message;
      this.options.onTrouble(
        `The log cannot be written to '${this.options.folder}' (${reason}); the run waits until it can`,
      );
      this.options.onChange();
    }
  }

  /** A chatty child must not cause a notice for each of its lines. */
  #tell() {
    const waitMs = this.#noticedAt + NOTICE_INTERVAL_MS - Date.now();
    if (waitMs <= 0 || waitMs > NOTICE_INTERVAL_MS) {
      this.#noticedAt = Date.now();
      this.options.onPosition(this.position);
    } else {
      this.#notice ??= setTimeout(() => {
        this.#notice = undefined;
        this.#tell();
      }, waitMs);
    }
  }
}

module.exports = { Spool };
