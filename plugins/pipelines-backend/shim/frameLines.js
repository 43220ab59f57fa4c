// @ts-check

/** Most bytes of one line; what follows is another one that carries it on. */
const MAX_LINE_BYTES = 64 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const PROTOCOL_MARK = Buffer.from('::millrace::');

/**
 * Cuts a stream of bytes into lines, whatever the sizes of its chunks, in constant memory.
 *
 * @remarks
 * A line ends after its line feed. One that is too long is cut after its last carriage return
 * if it has one, else between two characters. An end without line feed is given out after a
 * while (see {@link LineFramer.flushTail}), because a person may wait for it: a progress bar
 * that redraws itself, a question.
 */
class LineFramer {
  #buffer = Buffer.allocUnsafeSlow(MAX_LINE_BYTES);
  #length = 0;
  /** Bytes came since the last look at the unfinished line. */
  #grew = false;

  /** @param {(line: Buffer) => void} emit is given views that live as long as the call */
  constructor(emit) {
    this.emit = emit;
  }

  /** Whether a line is unfinished. */
  get hasTail() {
    return this.#length > 0;
  }

  /** @param {Buffer} bytes */
  push(bytes) {
    let start = 0;
    while (start < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed < 0 ? bytes.length : feed + 1;
      if (feed >= 0 && this.#length === 0 && end - start <= MAX_LINE_BYTES) {
        this.emit(bytes.subarray(start, end));
      } else {
        this.#append(bytes.subarray(start, end));
        if (feed >= 0) {
          this.#give(this.#length);
        }
      }
      start = end;
    }
  }

  /**
   * Gives out the unfinished line as far as it is worth showing: up to its last carriage
   * return, or all of it when nothing was added since the last call.
   */
  flushTail() {
    const quiet = !this.#grew;
    this.#grew = false;
    if (this.#length === 0 || this.#mayBeProtocol()) {
      return;
    }
    this.#give(
      quiet
        ? this.#wholeCharacters()
        : this.#tail().lastIndexOf(CARRIAGE_RETURN) + 1,
    );
  }

  /** Gives out everything: nothing more will come. */
  end() {
    this.#give(this.#length);
  }

  #tail() {
    return this.#buffer.subarray(0, this.#length);
  }

  /** @param {Buffer} bytes */
  #append(bytes) {
    this.#grew = true;
    let start = 0;
    while (start < bytes.length) {
      if (this.#length === MAX_LINE_BYTES) {
        const redrawn = this.#tail().lastIndexOf(CARRIAGE_RETURN) + 1;
        this.#give(redrawn || this.#wholeCharacters());
      }
      const count = Math.min(
        MAX_LINE_BYTES - this.#length,
        bytes.length - start,
      );
      bytes.copy(this.#buffer, this.#length, start, start + count);
      this.#length += count;
      start += count;
    }
  }

  /** @param {number} count */
  #give(count) {
    if (count === 0) {
      return;
    }
    this.emit(this.#buffer.subarray(0, count));
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** A protocol line is only taken whole. */
  #mayBeProtocol() {
    const head = this.#tail().subarray(0, PROTOCOL_MARK.length);
    return head.equals(PROTOCOL_MARK.subarray(0, head.length));
  }

  /** @returns {number} the length without a UTF-8 character that is only begun */
  #wholeCharacters() {
    for (let back = 1; back <= 3 && back < this.#length; back++) {
      const byte = this.#buffer[this.#length - back];
      if (byte >= 0xc0) {
        return characterBytes(byte) > back ? this.#length - back : this.#length;
      }
      if (byte < 0x80) {
        break;
      }
    }
    return this.#length;
  }
}

/** @param {number} first the first byte of a UTF-8 character of several bytes */
function characterBytes(first) {
  if (first >= 0xf0) {
    return 4;
  }
  return first >= 0xe0 ? 3 : 2;
}

module.exports = { LineFramer, MAX_LINE_BYTES };
