import { isJsonWhitespace } from './JsonValueScanner.ts';

const OPEN_OBJECT = 0x7b;
const QUOTE = 0x22;

/**
 * Finds the first place in `bytes` that looks like the start of a record: an
 * opening brace, then one of the keys that only records have.
 *
 * @returns the index of the brace, or -1
 */
export function findRecordStart(
  bytes: Buffer,
  recordKeys: readonly string[],
): number {
  let brace = bytes.indexOf(OPEN_OBJECT);
  while (brace >= 0) {
    let quote = brace + 1;
    while (quote < bytes.length && isJsonWhitespace(bytes[quote])) {
      quote += 1;
    }
    if (bytes[quote] === QUOTE && startsWithKey(bytes, quote + 1, recordKeys)) {
      return brace;
    }
    brace = bytes.indexOf(OPEN_OBJECT, brace + 1);
  }
  return -1;
}

function startsWithKey(
  bytes: Buffer,
  at: number,
  keys: readonly string[],
): boolean {
  return keys.some(key => {
    const text = `${key}"`;
    return bytes.subarray(at, at + text.length).equals(Buffer.from(text));
  });
}
