/** From so many past values on, their spread says what is unusual. */
const MIN_PAST_VALUES = 5;
/** A value that at most this share of the past was as far out as is unusual. */
const UNUSUAL_SHARE = 0.1;
/** How many times the last value it must at least be, or the other way round. */
const MIN_RATIO = 1.25;
/** The same where the past is too short to say how much is usual. */
const MIN_RATIO_OF_FEW = 2;

/**
 * Whether a number that is not negative differs from the last one by more than it usually does.
 *
 * @param options - `last` is among the `past` values
 */
export function isUnusual(options: {
  value: number;
  last: number;
  past: readonly number[];
}): boolean {
  const { value, last, past } = options;
  const isFew = past.length < MIN_PAST_VALUES;
  const [less, more] = value < last ? [value, last] : [last, value];
  const minRatio = isFew ? MIN_RATIO_OF_FEW : MIN_RATIO;
  return (
    value !== last &&
    more >= less * minRatio &&
    (isFew || seenAsFar(value, past) <= past.length * UNUSUAL_SHARE)
  );
}

/** How many of the past values were at least as far from the usual, on the same side of it. */
export function seenAsFar(value: number, past: readonly number[]): number {
  const asHigh = past.filter(other => other >= value).length;
  const asLow = past.filter(other => other <= value).length;
  return Math.min(asHigh, asLow);
}
