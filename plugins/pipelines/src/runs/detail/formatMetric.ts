const MAX_FRACTION_DIGITS = 3;

/** A number that a run reported, with separators and no more digits than one reads. */
export function formatMetric(value: number): string {
  return new Intl.NumberFormat(undefined, {
    maximumFractionDigits: MAX_FRACTION_DIGITS,
  }).format(value);
}
