/** Why a value could not be followed to its end. */
export type ScanFailure = {
  /** Offset of the offending byte in the pushed bytes, counted from the value's first byte. */
  at: number;
  message: string;
};

/** What one `push` found: the end of the value, damage, or the wish for more bytes. */
export type ScanProgress =
  | { kind: 'end'; at: number }
  | { kind: 'failure'; failure: ScanFailure }
  | { kind: 'more' };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

type State =
  | 'value'
  | 'firstItem'
  | 'firstKey'
  | 'key'
  | 'colon'
  | 'afterValue'
  | 'string'
  | 'escape'
  | 'literal';

/** True for the four bytes JSON allows between tokens. */
export function isJsonWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isLiteralByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x45
  );
}

/**
 * Follows one JSON value byte by byte to its end, over any number of chunks.
 *
 * @remarks
 * It checks the grammar of structure (quotes, commas, colons, brackets), so that
 * a lost quote or bracket is noticed where it happens and not at the end of the
 * file. Numbers, words and escapes are left to `JSON.parse`, which sees the
 * finished slice. Nesting costs one byte a level and is not recursive.
 */
export class JsonValueScanner {
  private state: State = 'value';
  private stringIsKey = false;
  private containers = new Uint8Array(64);
  private depth = 0;
  private consumed = 0;

  /** Gets ready for the next value. */
  reset(): void {
    this.state = 'value';
    this.stringIsKey = false;
    this.depth = 0;
    this.consumed = 0;
  }

  /** Consumes `bytes` from `from` on; an `end` is the index behind the value's last byte. */
  push(bytes: Uint8Array, from: number): ScanProgress {
    let index = from;
    while (index < bytes.length) {
      if (this.state === 'string') {
        const stop = this.skipString(bytes, index);
        if (stop.failure) {
          return this.fail(stop.index - from, stop.failure);
        }
        index = stop.index;
        if (this.isComplete()) {
          return { kind: 'end', at: index };
        }
        continue;
      }
      const byte = bytes[index];
      if (this.state === 'literal' && !isLiteralByte(byte)) {
        this.state = 'afterValue';
        if (this.depth === 0) {
          return { kind: 'end', at: index };
        }
      }
      const failure = this.step(byte);
      if (failure) {
        return this.fail(index - from, failure);
      }
      index += 1;
      if (this.isComplete()) {
        return { kind: 'end', at: index };
      }
    }
    this.consumed += bytes.length - from;
    return { kind: 'more' };
  }

  /** True when the bytes so far are a whole value that only the end of the input ends. */
  endsHere(): boolean {
    return this.state === 'literal' && this.depth === 0;
  }

  private isComplete(): boolean {
    return this.depth === 0 && this.state === 'afterValue';
  }

  private fail(at: number, message: string): ScanProgress {
    return { kind: 'failure', failure: { at: this.consumed + at, message } };
  }

  private skipString(
    bytes: Uint8Array,
    from: number,
  ): { index: number; failure?: string } {
    let index = from;
    while (index < bytes.length) {
      const byte = bytes[index];
      if (byte === QUOTE) {
        this.state = this.stringIsKey ? 'colon' : 'afterValue';
        return { index: index + 1 };
      }
      if (byte === BACKSLASH) {
        this.state = 'escape';
        return { index: index + 1 };
      }
      if (byte < 0x20) {
        return { index, failure: 'a line break or control byte in a string' };
      }
      index += 1;
    }
    return { index };
  }

  private step(byte: number): string | undefined {
    if (this.state === 'escape') {
      this.state = 'string';
      return undefined;
    }
    if (this.state === 'literal' || isJsonWhitespace(byte)) {
      return undefined;
    }
    switch (this.state) {
      case 'firstKey':
        return byte === CLOSE_OBJECT ? this.close(byte) : this.openKey(byte);
      case 'key':
        return this.openKey(byte);
      case 'colon':
        this.state = 'value';
        return byte === COLON ? undefined : 'a key without a colon';
      case 'firstItem':
        return byte === CLOSE_LIST ? this.close(byte) : this.openValue(byte);
      case 'value':
        return this.openValue(byte);
      default:
        return this.afterValue(byte);
    }
  }

  private openKey(byte: number): string | undefined {
    this.state = 'string';
    this.stringIsKey = true;
    return byte === QUOTE ? undefined : 'something that is not a key';
  }

  private openValue(byte: number): string | undefined {
    if (byte === QUOTE) {
      this.state = 'string';
      this.stringIsKey = false;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.open(byte);
    } else if (isLiteralByte(byte)) {
      this.state = 'literal';
    } else {
      return 'something that is not a value';
    }
    return undefined;
  }

  private afterValue(byte: number): string | undefined {
    if (byte === COMMA) {
      const inObject = this.containers[this.depth - 1] === OPEN_OBJECT;
      this.state = inObject ? 'key' : 'value';
      return undefined;
    }
    return this.close(byte);
  }

  private open(byte: number): void {
    if (this.depth === this.containers.length) {
      const larger = new Uint8Array(this.containers.length * 2);
      larger.set(this.containers);
      this.containers = larger;
    }
    this.containers[this.depth] = byte;
    this.depth += 1;
    this.state = byte === OPEN_OBJECT ? 'firstKey' : 'firstItem';
  }

  private close(byte: number): string | undefined {
    const opened = this.containers[this.depth - 1];
    const expected = opened === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST;
    if (byte !== expected) {
      return `no comma and no '${String.fromCharCode(expected)}' after a value`;
    }
    this.depth -= 1;
    this.state = 'afterValue';
    return undefined;
  }
}
