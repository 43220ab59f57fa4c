import type { CronPattern } from '../definitions';

/**
 * The latest start of a pattern after `servedUntil` that is due at `now`.
 *
 * @remarks
 * Starts that were missed while nobody was there are made up for by one run, the latest.
 */
export function dueStart(
  pattern: Pick<CronPattern, 'latest'>,
  servedUntil: Date,
  now: Date,
): Date | undefined {
  const latest = pattern.latest(now);
  return latest && latest > servedUntil ? latest : undefined;
}
