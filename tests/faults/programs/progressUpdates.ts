const UPDATES_PER_BLOCK = 1_000;

/** What a progress bar shows at an update. */
export function progressText(update: number, updates: number): string {
  return `encoded ${update} of ${updates} frames`;
}

/** The bytes of a progress bar, in blocks: each update goes back to the start of its line. */
export function* progressUpdates(updates: number): Generator<Buffer> {
  for (let first = 1; first <= updates; first += UPDATES_PER_BLOCK) {
    const count = Math.min(UPDATES_PER_BLOCK, updates - first + 1);
    const texts = Array.from(
      { length: count },
      (_, index) => `\r${progressText(first + index, updates)}`,
    );
    yield Buffer.from(texts.join(''));
  }
  yield Buffer.from('\n');
}
