// @ts-check
const { Socket } = require('node:net');
const { LineFramer } = require('./frameLines');
const { Redactor } = require('./redact');

const READ_BYTES = 64 * 1024;

/** One stream of the child on its way into the spool: redacted, then cut into lines. */
class Output {
  /** @type {Socket} */
  #source;
  #framer;
  #redactor;
  #reading = true;

  /** Nothing more will come. */
  hasEnded = false;

  /**
   * @param {object} options
   * @param {1 | 2} options.stream
   * @param {number | Socket} options.source a pipe's read end, or a stream where there is none
   * @param {ConstructorParameters<typeof Redactor>[0]} options.automaton
   * @param {import('./spool').Spool} options.spool
   * @param {() => void} options.onRead
   */
  constructor({ stream, source, automaton, spool, onRead }) {
    this.#redactor = new Redactor(automaton);
    this.#framer = new LineFramer(line => spool.append(stream, line));
    /** @param {Buffer} bytes */
    const read = bytes => {
      this.#redactor.push(bytes, part => this.#framer.push(part));
      onRead();
    };
    this.#source = typeof source === 'number' ? readPipe(source, read) : source;
    if (typeof source !== 'number') {
      this.#source.on('data', read);
    }
    this.#source.on('error', () => this.close());
    /** @type {Promise<void>} */
    this.ended = new Promise(resolve => {
      this.#source.once('close', () => {
        this.hasEnded = true;
        resolve();
      });
    });
  }

  /** @param {boolean} wanted */
  setReading(wanted) {
    if (wanted !== this.#reading && !this.hasEnded) {
      this.#reading = wanted;
      if (wanted) {
        this.#source.resume();
      } else {
        this.#source.pause();
      }
    }
  }

  /** Gives out an unfinished line that somebody may be waiting for. */
  flushTail() {
    this.#framer.flushTail();
  }

  /** Reads no more, and gives out what was held back. */
  close() {
    this.#source.destroy();
    this.#redactor.end(part => this.#framer.push(part));
    this.#framer.end();
  }
}

/**
 * Reads into one buffer again and again, so that a flood does not become garbage.
 *
 * @param {number} fd
 * @param {(bytes: Buffer) => void} onBytes
 */
function readPipe(fd, onBytes) {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: length => {
        onBytes(buffer.subarray(0, length));
        return true;
      },
    },
  });
}

module.exports = { Output };
