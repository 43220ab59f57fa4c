import type {
  PipelineStats,
  PreviousStats,
  Stats,
  StatsByPipeline,
  StatsHistory,
  StatsHistoryQuery,
  StatsTotalsQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { PipelineSet } from '../permissions';
import { countActive } from './operations/countActive';
import {
  readDurations,
  readTallies,
  type TallyOptions,
} from './operations/readTallies';
import { summarize } from './tally';
import { bucketsOf, snapWindow, type Window } from './window';

function groupBy<TItem>(
  items: readonly TItem[],
  keyOf: (item: TItem) => string,
): Map<string, TItem[]> {
  const groups = new Map<string, TItem[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return groups;
}

const iso = (time: DateTime) => time.toUTC().toISO()!;

/** Counts, success rate and durations from the roll-ups. */
export class StatsService {
  readonly #knex: Knex;
  readonly #timezone: string;
  readonly #now: () => DateTime;

  constructor(options: {
    knex: Knex;
    /** IANA name of the zone that days are cut in. */
    timezone: string;
    now?: () => DateTime;
  }) {
    this.#knex = options.knex;
    this.#timezone = options.timezone;
    this.#now = options.now ?? (() => DateTime.utc());
  }

  /** Ended runs of the window, and active runs as they are now. */
  async getStats(
    query: StatsTotalsQuery,
    pipelines: PipelineSet,
  ): Promise<Stats> {
    const now = this.#now();
    const window = this.#windowOf(query, now);
    const [ended, previous, active] = await Promise.all([
      this.#count(window, pipelines),
      query.compare && this.#countPrevious(window, now, pipelines),
      countActive({ knex: this.#knex, pipelines }),
    ]);
    const inProgress = active.reduce((sum, { runCount }) => sum + runCount, 0);
    return {
      from: iso(window.from),
      to: iso(window.to),
      asOf: iso(now),
      ...ended,
      total: ended.total + inProgress,
      byState: {
        ...ended.byState,
        ...Object.fromEntries(
          active.map(({ state, runCount }) => [state, runCount]),
        ),
      },
      inProgress,
      ...(previous && { previous }),
    };
  }

  /** Ended runs of the window by pipeline, the busiest first. */
  async getStatsByPipeline(
    query: StatsTotalsQuery,
    pipelines: PipelineSet,
  ): Promise<StatsByPipeline> {
    const now = this.#now();
    const window = this.#windowOf(query, now);
    const options: TallyOptions = {
      knex: this.#knex,
      window,
      pipelines,
      timezone: this.#timezone,
      perBucket: false,
      perPipeline: true,
    };
    const [tallies, durations] = await Promise.all([
      readTallies(options),
      readDurations(options),
    ]);
    const durationsOf = groupBy(durations, row => row.pipelineId!);
    const rows = [...groupBy(tallies, row => row.pipelineId!)].map(
      ([pipelineId, counts]): PipelineStats => ({
        pipelineId,
        ...summarize(counts, durationsOf.get(pipelineId) ?? []),
      }),
    );
    return {
      from: iso(window.from),
      to: iso(window.to),
      asOf: iso(now),
      pipelines: rows.sort(
        (a, b) => b.total - a.total || (a.pipelineId < b.pipelineId ? -1 : 1),
      ),
    };
  }

  /** Ended runs per hour or day, and per pipeline where asked for. */
  async getHistory(
    query: StatsHistoryQuery,
    pipelines: PipelineSet,
  ): Promise<StatsHistory> {
    const now = this.#now();
    const window = this.#windowOf(query, now);
    const perPipeline = query.groupBy === 'pipeline';
    const options: TallyOptions = {
      knex: this.#knex,
      window,
      pipelines,
      timezone: this.#timezone,
      perBucket: true,
      perPipeline,
    };
    const [tallies, durations] = await Promise.all([
      readTallies(options),
      readDurations(options),
    ]);
    const keyOf = (row: { startAt?: Date; pipelineId?: string }) =>
      `${row.startAt?.getTime()} ${row.pipelineId ?? ''}`;
    const talliesOf = groupBy(tallies, keyOf);
    const durationsOf = groupBy(durations, keyOf);
    const pipelineIds = perPipeline
      ? [...new Set(tallies.map(row => row.pipelineId!))].sort()
      : [undefined];
    const buckets = bucketsOf(window).flatMap(({ start, end }) =>
      pipelineIds.map(pipelineId => {
        const key = keyOf({ startAt: start.toJSDate(), pipelineId });
        return {
          start: iso(start),
          end: iso(end),
          pipelineId,
          ...summarize(talliesOf.get(key) ?? [], durationsOf.get(key) ?? []),
        };
      }),
    );
    return {
      from: iso(window.from),
      to: iso(window.to),
      asOf: iso(now),
      bucket: window.grain,
      timezone: this.#timezone,
      buckets: perPipeline
        ? buckets.filter(bucket => bucket.total > 0)
        : buckets,
    };
  }

  async #count(window: Window, pipelines: PipelineSet) {
    const options: TallyOptions = {
      knex: this.#knex,
      window,
      pipelines,
      timezone: this.#timezone,
      perBucket: false,
      perPipeline: false,
    };
    const [tallies, durations] = await Promise.all([
      readTallies(options),
      readDurations(options),
    ]);
    return summarize(tallies, durations);
  }

  /** Of a window that is not over, only as much of the time before. */
  async #countPrevious(
    { from, to, grain }: Window,
    now: DateTime,
    pipelines: PipelineSet,
  ): Promise<PreviousStats> {
    const length = {
      [`${grain}s`]: Math.round(to.diff(from, `${grain}s`).get(`${grain}s`)),
    };
    const end = DateTime.min(to, now.setZone(to.zone)).minus(length);
    const start = from.minus(length);
    const previous = snapWindow({
      from: iso(start),
      to: iso(end > start ? end : to.minus(length)),
      timezone: this.#timezone,
      now,
    });
    return {
      from: iso(previous.from),
      to: iso(previous.to),
      ...(await this.#count(previous, pipelines)),
    };
  }

  #windowOf({ from, to, bucket }: StatsTotalsQuery, now: DateTime) {
    return snapWindow({
      from,
      to,
      grain: bucket,
      timezone: this.#timezone,
      now,
    });
  }
}
