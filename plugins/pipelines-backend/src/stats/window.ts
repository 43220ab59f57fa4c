import { InputError } from '@backstage/errors';
import { DateTime } from 'luxon';

/** Grain of a roll-up. */
export type Grain = 'hour' | 'day';

/** A window of time that begins and ends on the bounds of its grain. */
export interface Window {
  from: DateTime;
  to: DateTime;
  grain: Grain;
}

const DEFAULT_WINDOW_DAYS = 7;
/** Windows longer than this are read from daily rows. */
const MAX_HOURLY_DAYS = 31;
/** Most buckets of one history. */
const MAX_BUCKETS = 1_000;

/**
 * The window of a query, snapped outwards to hours of UTC, as they are counted (up to 31 days),
 * or to days of the zone.
 *
 * @throws InputError when it ends before it begins, or has too many buckets
 */
export function snapWindow(options: {
  from?: string;
  to?: string;
  grain?: Grain;
  timezone: string;
  now: DateTime;
}): Window {
  const { timezone, now } = options;
  const to = options.to ? DateTime.fromISO(options.to) : now;
  const from = options.from
    ? DateTime.fromISO(options.from)
    : to.minus({ days: DEFAULT_WINDOW_DAYS });
  if (from >= to) {
    throw new InputError(
      `The window ends at ${to.toISO()}, which is not after its start at ${from.toISO()}`,
    );
  }
  const days = to.diff(from, 'days').days;
  const grain = options.grain ?? (days > MAX_HOURLY_DAYS ? 'day' : 'hour');
  const unit = days > MAX_HOURLY_DAYS ? 'day' : grain;
  if (unit !== grain) {
    throw new InputError(
      `A window of ${Math.ceil(
        days,
      )} days is too long for hours; at most ${MAX_HOURLY_DAYS} days, or bucket=day`,
    );
  }
  if (days > MAX_BUCKETS && grain === 'day' && options.grain) {
    throw new InputError(
      `A window of ${Math.ceil(
        days,
      )} days has more than ${MAX_BUCKETS} buckets; choose a shorter one`,
    );
  }
  const zone = grain === 'hour' ? 'UTC' : timezone;
  const start = from.setZone(zone).startOf(grain);
  const end = to.setZone(zone).startOf(grain);
  return {
    grain,
    from: start,
    to: end < to ? end.plus({ [grain]: 1 }) : end,
  };
}

/** The buckets of a window, oldest first. */
export function bucketsOf(
  window: Window,
): { start: DateTime; end: DateTime }[] {
  const buckets = [];
  let start = window.from;
  while (start < window.to) {
    const end = start.plus({ [window.grain]: 1 });
    buckets.push({ start, end });
    start = end;
  }
  return buckets;
}
