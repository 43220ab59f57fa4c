/**
 * A reading of `performance.now()` on the monotonic clock that all processes of a host share.
 *
 * @param reading - default: now
 */
export function monotonicMs(reading = performance.now()): number {
  const age = performance.now() - reading;
  return Number(process.hrtime.bigint() / 1_000n) / 1_000 - age;
}
