import { createHash } from 'node:crypto';
import { isJsonWhitespace } from '../scan/JsonValueScanner.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_BUFFER_BYTES = 64 * 1024;

/** Hashes JSON by its content: whitespace between tokens does not count, everything else does. */
export class ContentHasher {
  // Reused, because a buffer per record would pile up faster than it is collected
  private compact = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);

  /** SHA-256 in hex of valid JSON without the whitespace between its tokens. */
  hash(json: Buffer): string {
    if (this.compact.length < json.length) {
      this.compact = Buffer.allocUnsafe(json.length * 2);
    }
    const length = this.strip(json);
    return sha256(this.compact.subarray(0, length));
  }

  private strip(json: Buffer): number {
    const { compact } = this;
    let length = 0;
    let inString = false;
    for (let index = 0; index < json.length; index += 1) {
      const byte = json[index];
      if (!inString && isJsonWhitespace(byte)) {
        continue;
      }
      compact[length] = byte;
      length += 1;
      if (byte === QUOTE) {
        inString = !inString;
      } else if (byte === BACKSLASH && inString) {
        index += 1;
        compact[length] = json[index];
        length += 1;
      }
    }
    return length;
  }
}

/** SHA-256 of bytes, in hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
