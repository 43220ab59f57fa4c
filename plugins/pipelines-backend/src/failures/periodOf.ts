import { InputError } from '@backstage/errors';
import {
  DEFAULT_FAILURES_DAYS,
  MAX_FAILURES_DAYS,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FailurePeriod } from './types';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Most spans that occurrences are drawn in. */
const MAX_SPANS = 30;

/**
 * The time from `from` until now, cut into at most 30 spans.
 *
 * @param from - ISO 8601; default 7 days before `now`
 * @throws InputError when it is longer ago than occurrences are counted over
 */
export function periodOf(from: string | undefined, now: Date): FailurePeriod {
  const begin = from
    ? new Date(from)
    : new Date(now.getTime() - DEFAULT_FAILURES_DAYS * DAY_MS);
  if (begin.getTime() < now.getTime() - (MAX_FAILURES_DAYS + 1) * DAY_MS) {
    throw new InputError(
      `from: failures are counted over at most ${MAX_FAILURES_DAYS} days; ask for a later time`,
    );
  }
  const startMs = Math.floor(begin.getTime() / HOUR_MS) * HOUR_MS;
  const allHours = Math.max(1, Math.ceil((now.getTime() - startMs) / HOUR_MS));
  const hours = Math.ceil(allHours / MAX_SPANS);
  return {
    from: begin,
    start: new Date(startMs),
    hours,
    spans: Math.ceil(allHours / hours),
  };
}
