import { Cron, CronPattern as CronFields } from 'croner';
import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far back the newest starts are looked for first, and by what that grows. */
const FIRST_SPAN_MS = MINUTE_MS;
const SPAN_GROWTH = 8;

/**
 * The planned starts of a schedule, with one rule for each way in which clocks are changed.
 *
 * @remarks
 * A start whose time of day is skipped comes as much later as the clock jumps. One whose time of
 * day comes twice is taken the first time only, unless the pattern names every hour: then it
 * goes by the time that passes and is taken both times. docs/triggers.md tells it to people.
 */
export class CronPattern {
  /** Reads the fields on a clock that is never changed. */
  readonly #clock: Cron;
  readonly #zone: IANAZone;
  readonly #namesEveryHour: boolean;

  constructor(schedule: { cron: string; timezone: string }) {
    this.#clock = new Cron(schedule.cron, { utcOffset: 0, paused: true });
    this.#zone = IANAZone.create(schedule.timezone);
    this.#namesEveryHour = new CronFields(schedule.cron).hour.every(Boolean);
  }

  /** The first start after `after`; undefined when there is none. */
  next(after: Date): Date | undefined {
    const afterMs = after.getTime();
    let best: number | undefined;
    let clockMs = afterMs + this.#offset(afterMs) - this.#turmoilAt(afterMs);
    for (;;) {
      const next = this.#clock.nextRun(new Date(clockMs))?.getTime();
      if (next === undefined || this.#isLaterThan(next, best)) {
        return best === undefined ? undefined : new Date(best);
      }
      clockMs = next;
      for (const start of this.#timesAt(clockMs)) {
        if (start > afterMs && (best === undefined || start < best)) {
          best = start;
        }
      }
    }
  }

  /**
   * The starts after `after` and before `until`, at most `limit`, oldest first.
   *
   * @remarks
   * Where the clock is not changed in the meantime, which is nearly always, this is much faster
   * than asking for one after the other.
   */
  between(after: Date, until: Date, limit: number): Date[] {
    const offsetMs = this.#steadyOffset(after.getTime(), until.getTime());
    const nextOf = (start: Date): Date | undefined => {
      if (offsetMs === undefined) {
        return this.next(start);
      }
      const next = this.#clock.nextRun(new Date(start.getTime() + offsetMs));
      return next ? new Date(next.getTime() - offsetMs) : undefined;
    };
    const starts: Date[] = [];
    let start = nextOf(after);
    while (start && start < until && starts.length < limit) {
      starts.push(start);
      start = nextOf(start);
    }
    return starts;
  }

  /** The newest starts after `after` and not after `until`, at most `limit`, oldest first. */
  newest(after: Date, until: Date, limit: number): Date[] {
    for (let spanMs = FIRST_SPAN_MS; ; spanMs *= SPAN_GROWTH) {
      const from = new Date(
        Math.max(after.getTime(), until.getTime() - spanMs),
      );
      const starts: Date[] = [];
      let start = this.next(from);
      while (start && start <= until) {
        starts.push(start);
        start = this.next(start);
      }
      if (starts.length >= limit || from <= after) {
        return starts.slice(-limit);
      }
    }
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

  /** The moments at which the clock shows this, of those that count. */
  #timesAt(clockMs: number): number[] {
    const before = clockMs - this.#offset(clockMs - DAY_MS);
    const after = clockMs - this.#offset(clockMs + DAY_MS);
    const shown = [before, after].filter(
      time => time + this.#offset(time) === clockMs,
    );
    if (shown.length === 0) {
      // As if the clock had not been changed, which is later by as much as it jumps.
      return [before];
    }
    return this.#namesEveryHour ? shown : [Math.min(...shown)];
  }

  /** Whether no start of this or a later clock time can come before the best one. */
  #isLaterThan(clockMs: number, best: number | undefined): boolean {
    return (
      best !== undefined &&
      clockMs - Math.max(...this.#offsetsAround(best)) >= best
    );
  }

  /** How far clock times and moments are out of step because of a change nearby, in ms. */
  #turmoilAt(timeMs: number): number {
    return spread(this.#offsetsAround(timeMs));
  }

  /** The offset at this moment, and those of before and after a change nearby. */
  #offsetsAround(timeMs: number): number[] {
    const jumpMs = spread(this.#offsetsWithin(timeMs, DAY_MS));
    return this.#offsetsWithin(timeMs, jumpMs);
  }

  #offsetsWithin(timeMs: number, spanMs: number): number[] {
    return [timeMs - spanMs, timeMs, timeMs + spanMs].map(time =>
      this.#offset(time),
    );
  }

  /** The offset from a day before to a day after; undefined where it changes. */
  #steadyOffset(fromMs: number, toMs: number): number | undefined {
    const offset = this.#offset(fromMs);
    for (let at = fromMs - DAY_MS; at < toMs + 2 * DAY_MS; at += DAY_MS) {
      if (this.#offset(at) !== offset) {
        return undefined;
      }
    }
    return offset;
  }

  /** By how much the clock of the zone is before UTC, in ms. */
  #offset(timeMs: number): number {
    return this.#zone.offset(timeMs) * MINUTE_MS;
  }
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
