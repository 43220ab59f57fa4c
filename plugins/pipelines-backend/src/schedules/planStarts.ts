import type { MissedStartPolicy } from '@millrace/backstage-plugin-pipelines-common';
import type { CronPattern } from '../definitions';

/** A start that is served this late was not missed: the process was only busy. */
export const ON_TIME_MS = 60_000;

/** Most starts that can be on time together: one in each second. */
const MAX_ON_TIME = ON_TIME_MS / 1_000;

/** What is to be done for a schedule now. */
export interface StartPlan {
  /** The planned starts to submit, oldest first; may be none. */
  starts: Date[];
  /** Whether others are skipped, all of them before these. */
  skipsMissed: boolean;
}

/**
 * What is due of a schedule, by its policy for missed starts; undefined when nothing is.
 *
 * @remarks
 * A start is missed when it is more than a minute ago and not served. With `skip` only the starts
 * of the last minute are made; with `once` the latest start is made for all of them; with `all`
 * each is made, of more than `maxMissed` the newest.
 *
 * @param options - `servedUntil`: every start up to this time is dealt with
 */
export function planStarts(options: {
  pattern: Pick<CronPattern, 'newest'>;
  servedUntil: Date;
  now: Date;
  missed: MissedStartPolicy;
  maxMissed: number;
}): StartPlan | undefined {
  const { pattern, servedUntil, now, missed, maxMissed } = options;
  const onTimeFrom = new Date(now.getTime() - ON_TIME_MS);
  const onTime = pattern.newest(
    servedUntil > onTimeFrom ? servedUntil : onTimeFrom,
    now,
    MAX_ON_TIME,
  );
  const hasMissed =
    servedUntil < onTimeFrom &&
    pattern.newest(servedUntil, onTimeFrom, 1).length > 0;
  if (!hasMissed) {
    return onTime.length > 0
      ? { starts: onTime, skipsMissed: false }
      : undefined;
  }
  if (missed === 'skip') {
    return { starts: onTime, skipsMissed: true };
  }
  const most = missed === 'once' ? 1 : maxMissed;
  const due = pattern.newest(servedUntil, now, most + 1);
  return { starts: due.slice(-most), skipsMissed: due.length > most };
}
