import { Cron } from 'croner';
import { IANAZone } from 'luxon';

/** Reads the times of a schedule; the rules of daylight saving time are those of croner. */
export class CronPattern {
  readonly #cron: Cron;

  constructor(schedule: { cron: string; timezone: string }) {
    this.#cron = new Cron(schedule.cron, {
      timezone: schedule.timezone,
      paused: true,
    });
  }

  /** The first time after `after`; undefined when there is none. */
  next(after: Date): Date | undefined {
    return this.#cron.nextRun(after) ?? undefined;
  }

  /** The last time that is not after `until`; undefined when there is none. */
  latest(until: Date): Date | undefined {
    // The library looks strictly before its reference, in whole seconds.
    const [latest] = this.#cron.previousRuns(
      1,
      new Date(until.getTime() + 1_000),
    );
    return latest;
  }

  /** What is wrong with a schedule, and with which field of it. */
  static problemOf(schedule: {
    cron: string;
    timezone: string;
  }): { field: 'cron' | 'timezone'; message: string } | undefined {
    if (!IANAZone.isValidZone(schedule.timezone)) {
      return {
        field: 'timezone',
        message: `there is no time zone '${schedule.timezone}'; write for example Europe/Berlin`,
      };
    }
    try {
      return new CronPattern(schedule).next(new Date())
        ? undefined
        : { field: 'cron', message: `'${schedule.cron}' never comes` };
    } catch (error) {
      return {
        field: 'cron',
        message: `'${schedule.cron}' is no cron pattern (${String(
          error instanceof Error ? error.message : error,
        )})`,
      };
    }
  }

  /** Every problem of a schedule, as sentences. */
  static check(schedule: { cron: string; timezone: string }): string[] {
    const problem = CronPattern.problemOf(schedule);
    return problem ? [`schedule.${problem.field}: ${problem.message}`] : [];
  }
}
