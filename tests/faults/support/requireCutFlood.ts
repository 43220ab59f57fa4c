import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FLOOD_LINE_BYTES, floodLines } from '../programs/floodLines.ts';

const KEPT_TAIL_BYTES = 1024 ** 2;

/** The SHA-256 of bytes that come in parts. */
export function sha256(parts: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest('hex');
}

/**
 * Compares the stored log of a flood that met the limit with what was printed: it is
 * the beginning of the flood, two lines of ours that count what is missing, and its end.
 */
export function requireCutFlood(
  stored: Buffer,
  options: { floodBytes: number; maxLogBytes: number },
): void {
  const total = Math.floor(options.floodBytes / FLOOD_LINE_BYTES);
  const headLines = Math.floor(options.maxLogBytes / FLOOD_LINE_BYTES);
  const tailLines = Math.floor(KEPT_TAIL_BYTES / FLOOD_LINE_BYTES);
  const head = stored.subarray(0, headLines * FLOOD_LINE_BYTES);
  const tail = stored.subarray(stored.length - tailLines * FLOOD_LINE_BYTES);

  const [limit, left, ...more] = stored
    .subarray(head.length, stored.length - tail.length)
    .toString()
    .split('\n');
  const dropped = (total - headLines - tailLines).toLocaleString('en');
  assert.match(limit, /^\[millrace\] This log met its limit/);
  assert.ok(left.startsWith(`[millrace] ${dropped} lines`), left);
  assert.deepEqual(more, ['']);

  const isKept = (line: number) =>
    line < headLines || line >= total - tailLines;
  assert.equal(
    sha256([head, tail]),
    sha256(keptLines(options.floodBytes, isKept)),
  );
}

function* keptLines(
  floodBytes: number,
  isKept: (line: number) => boolean,
): Generator<Buffer> {
  let line = 0;
  for (const block of floodLines(floodBytes)) {
    for (let at = 0; at < block.length; at += FLOOD_LINE_BYTES) {
      if (isKept(line)) {
        yield block.subarray(at, at + FLOOD_LINE_BYTES);
      }
      line += 1;
    }
  }
}
