// @ts-check
/** @typedef {import('./Story.mjs').StepState} StepState */

const MARK = Buffer.from('::millrace::');
const LINE_FEED = 10;
const MAX_PROTOCOL_BYTES = 1024 ** 2;
const MAX_HELD_BYTES = 64 * 1024;
const MASK = Buffer.from('[redacted]');
/** A shorter secret would hide innocent text everywhere. */
const MIN_SECRET_BYTES = 6;

/**
 * Takes the protocol lines out of what a command prints, and masks secrets in the rest.
 *
 * Lines are given on as they come; without secrets their parts are too, unless they could become
 * a protocol line.
 */
export class OutputFilter {
  #emit;
  #onMessage;
  #secrets;
  /** The beginning of a line that cannot be judged yet. */
  #held = Buffer.alloc(0);
  #isInLine = false;

  /**
   * @param {object} options
   * @param {(bytes: Buffer) => void} options.emit what belongs into the log
   * @param {(message: Record<string, unknown>) => void} [options.onMessage] default: there is no
   *   protocol on this stream
   * @param {string[]} options.secrets values
   */
  constructor({ emit, onMessage, secrets }) {
    this.#emit = emit;
    this.#onMessage = onMessage;
    this.#secrets = secrets
      .flatMap(secret => secret.split(/\r?\n/))
      .map(secret => Buffer.from(secret))
      .filter(secret => secret.length >= MIN_SECRET_BYTES)
      .sort((a, b) => b.length - a.length);
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    const bytes =
      this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = Buffer.alloc(0);
    /** @type {Buffer[]} */
    const log = [];
    let at = 0;
    while (at < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const line = bytes.subarray(at, feed < 0 ? bytes.length : feed + 1);
      at += line.length;
      if (feed < 0) {
        this.#pushOpen(line, log);
      } else {
        this.#pushLine(line, log);
      }
    }
    this.#give(log);
  }

  /** Nothing more will come. */
  end() {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    this.#give(rest.length > 0 ? [rest] : []);
  }

  /**
   * @param {Buffer} line
   * @param {Buffer[]} log
   */
  #pushLine(line, log) {
    const isWhole = !this.#isInLine;
    this.#isInLine = false;
    if (isWhole && this.#isProtocol(line) && this.#deliver(line)) {
      return;
    }
    log.push(line);
  }

  /**
   * @param {Buffer} line without its end
   * @param {Buffer[]} log
   */
  #pushOpen(line, log) {
    const mayBeProtocol =
      !this.#isInLine &&
      this.#isProtocol(line) &&
      line.length < MAX_PROTOCOL_BYTES;
    const mayBeSecret =
      this.#secrets.length > 0 && line.length < MAX_HELD_BYTES;
    if (mayBeProtocol || mayBeSecret) {
      this.#held = Buffer.from(line);
      return;
    }
    // Of a very long line only what could become a secret stays.
    const kept = this.#secrets.length > 0 ? this.#secrets[0].length - 1 : 0;
    log.push(line.subarray(0, line.length - kept));
    this.#held = Buffer.from(line.subarray(line.length - kept));
    this.#isInLine = true;
  }

  /**
   * Whether a line, or the beginning of one, begins with the mark.
   *
   * @param {Buffer} line
   */
  #isProtocol(line) {
    const head = line.subarray(0, MARK.length);
    return (
      this.#onMessage !== undefined &&
      MARK.subarray(0, head.length).equals(head)
    );
  }

  /**
   * @param {Buffer} line
   * @returns {boolean} false when it is malformed, and so belongs into the log
   */
  #deliver(line) {
    try {
      const text = this.#mask(line.subarray(MARK.length)).toString();
      const message = JSON.parse(text);
      if (
        typeof message !== 'object' ||
        message === null ||
        Array.isArray(message)
      ) {
        return false;
      }
      this.#onMessage?.(message);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {Buffer[]} log */
  #give(log) {
    if (log.length > 0) {
      this.#emit(this.#mask(log.length === 1 ? log[0] : Buffer.concat(log)));
    }
  }

  /** @param {Buffer} bytes */
  #mask(bytes) {
    let masked = bytes;
    for (const secret of this.#secrets) {
      if (masked.includes(secret)) {
        masked = replace(masked, secret);
      }
    }
    return masked;
  }
}

/**
 * @param {Buffer} bytes
 * @param {Buffer} secret
 */
function replace(bytes, secret) {
  /** @type {Buffer[]} */
  const parts = [];
  let at = 0;
  for (let found = bytes.indexOf(secret); found >= 0; ) {
    parts.push(bytes.subarray(at, found), MASK);
    at = found + secret.length;
    found = bytes.indexOf(secret, at);
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
