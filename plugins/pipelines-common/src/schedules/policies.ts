/**
 * What happens to the planned starts that nobody was there for.
 *
 * @remarks
 * `skip` drops them, `once` makes one run for all of them (the latest), `all` makes one run for
 * each, oldest first; of more than `pipelines.schedules.maxMissedStarts` the newest.
 *
 * @public
 */
export const MISSED_START_POLICIES = ['skip', 'once', 'all'] as const;

/** One of {@link MISSED_START_POLICIES}. @public */
export type MissedStartPolicy = (typeof MISSED_START_POLICIES)[number];
