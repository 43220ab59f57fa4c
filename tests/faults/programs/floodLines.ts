/** Bytes of one line of a flood, its line feed included. */
export const FLOOD_LINE_BYTES = 500;

const LINES_PER_BLOCK = 500;
const NUMBER_DIGITS = 12;

/** The numbered lines of a flood of about `bytes`, in blocks. */
export function* floodLines(bytes: number): Generator<Buffer> {
  const total = Math.floor(bytes / FLOOD_LINE_BYTES);
  const filler = '.'.repeat(FLOOD_LINE_BYTES - NUMBER_DIGITS - 1);
  for (let first = 1; first <= total; first += LINES_PER_BLOCK) {
    const count = Math.min(LINES_PER_BLOCK, total - first + 1);
    const lines = Array.from(
      { length: count },
      (_, index) =>
        `${String(first + index).padStart(NUMBER_DIGITS, '0')}${filler}\n`,
    );
    yield Buffer.from(lines.join(''));
  }
}
