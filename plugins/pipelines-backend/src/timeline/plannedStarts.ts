import { MAX_PLANNED_STARTS } from '@millrace/backstage-plugin-pipelines-common';
import { setImmediate as letOthersWork } from 'node:timers/promises';
import { CronPattern } from '../definitions';

/** How long the process may be kept from other work, ms. */
const MAX_STRETCH_MS = 20;

interface Schedule {
  cron: string;
  timezone: string;
  enabled: boolean;
}

/**
 * The planned starts of each schedule after `after` and before `until`, at most 100 of each, in
 * ms since the epoch.
 */
export async function plannedStarts(
  schedules: readonly (Schedule | undefined)[],
  after: Date,
  until: Date,
): Promise<number[][]> {
  const starts: number[][] = [];
  let stretchEnd = performance.now() + MAX_STRETCH_MS;
  for (const schedule of schedules) {
    starts.push(startsOf(schedule, after, until));
    if (performance.now() > stretchEnd) {
      await letOthersWork();
      stretchEnd = performance.now() + MAX_STRETCH_MS;
    }
  }
  return starts;
}

function startsOf(
  schedule: Schedule | undefined,
  after: Date,
  until: Date,
): number[] {
  return schedule?.enabled && after < until
    ? new CronPattern(schedule)
        .between(after, until, MAX_PLANNED_STARTS)
        .map(start => start.getTime())
    : [];
}
