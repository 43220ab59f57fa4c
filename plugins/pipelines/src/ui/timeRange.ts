/** The ranges of time that can be chosen, as they stand in the URL; none means all. */
export const TIME_RANGES = ['-24h', '-7d', '-30d'] as const;

/** One of {@link TIME_RANGES}. */
export type TimeRange = (typeof TIME_RANGES)[number];

const HOUR_MS = 3_600_000;

const RANGE_HOURS: Record<TimeRange, number> = {
  '-24h': 24,
  '-7d': 7 * 24,
  '-30d': 30 * 24,
};

/** Whether the text is one of {@link TIME_RANGES}. */
export function isTimeRange(text: string): text is TimeRange {
  return (TIME_RANGES as readonly string[]).includes(text);
}

/**
 * The beginning of a range as ISO 8601, on a whole hour.
 *
 * @remarks
 * Statistics are kept by the hour; and a time that stays the same for an hour keeps the answers
 * that were already read usable.
 */
export function startOfRange(range: TimeRange, nowMs: number): string {
  const hour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return new Date(hour - RANGE_HOURS[range] * HOUR_MS).toISOString();
}

/** Whether the text is a time with a zone, as the API takes it. */
export function isIsoTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}
