let counter = 0;

/** A version 7 UUID of the given time; ids made later sort after it. */
export function uuidAt(timeMs: number): string {
  counter += 1;
  const time = Math.floor(timeMs).toString(16).padStart(12, '0');
  const tail = counter.toString(16).padStart(18, '0');
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${tail.slice(0, 3)}`,
    `8${tail.slice(3, 6)}`,
    tail.slice(6),
  ].join('-');
}
