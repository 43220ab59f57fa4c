import { MAX_PLANNED_STARTS } from '@millrace/backstage-plugin-pipelines-common';
import { CronPattern } from '../definitions';

/** The planned starts of a schedule after `after` and before `until`, at most 100, in ms since the epoch. */
export function plannedStarts(
  schedule: { cron: string; timezone: string; enabled: boolean } | undefined,
  after: Date,
  until: Date,
): number[] {
  return schedule?.enabled && after < until
    ? new CronPattern(schedule)
        .between(after, until, MAX_PLANNED_STARTS)
        .map(start => start.getTime())
    : [];
}
