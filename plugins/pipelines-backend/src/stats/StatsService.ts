import type {
  Stats,
  StatsHistory,
  StatsHistoryQuery,
  StatsQuery,
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
import { bucketsOf, snapWindow } from './window';

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
  async getStats(query: StatsQuery, pipelines: PipelineSet): Promise<Stats> {
    const now = this.#now();
    const window = snapWindow({ ...query, timezone: this.#timezone, now });
    const options: TallyOptions = {
      knex: this.#knex,
      window,
      pipelines,
      timezone: this.#timezone,
      perBucket: false,
      perPipeline: false,
    };
    const [tallies, durations, active] = await Promise.all([
      readTallies(options),
      readDurations(options),
      countActive({ knex: this.#knex, pipelines }),
    ]);
    const ended = summarize(tallies, durations);
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
    };
  }

  /** Ended runs per hour or day, and per pipeline where asked for. */
  async getHistory(
    query: StatsHistoryQuery,
    pipelines: PipelineSet,
  ): Promise<StatsHistory> {
    const now = this.#now();
    const window = snapWindow({
      ...query,
      grain: query.bucket,
      timezone: this.#timezone,
      now,
    });
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
}
