import { DateTime } from 'luxon';
import { loadBackend } from '../lib/loadBackend.ts';
import { ms, printGoals, type GoalRow } from './lib/goals.ts';
import { distributionOf, timeInTurn } from './lib/measure.ts';
import { statementsOf, touchedBy } from './lib/plans.ts';
import {
  FLEET,
  openSeededDatabase,
  type SeededDatabase,
} from './lib/seededDatabase.ts';

export const description =
  'Numbers of any window and charts of 12 months, beside the raw aggregate of the same runs';

const ROUNDS = 20;
const RAW_ROUNDS = 2;
const KPI_GOAL_MS = 50;
const CHART_GOAL_MS = 100;
const RATIO_GOAL = 20;
const TIMEZONE = 'UTC';

interface Counts {
  total: number;
  byState: Record<string, number>;
}
interface StatsService {
  getStats(
    query: object,
    pipelines: 'all' | string[],
  ): Promise<Counts & { from: string; to: string }>;
  getHistory(
    query: object,
    pipelines: 'all' | string[],
  ): Promise<{ from: string; to: string; buckets: Counts[] }>;
}

const CALLERS: readonly { name: string; pipelines: 'all' | string[] }[] = [
  { name: 'all pipelines', pipelines: 'all' },
  { name: 'an owner', pipelines: idsOf('group:default/team-2') },
  { name: '25 of 40', pipelines: FLEET.slice(5, 30).map(({ id }) => id) },
  { name: 'one pipeline', pipelines: ['feed-3'] },
];
const WINDOWS_DAYS = [1, 7, 31, 90, 365];

/** @param args - see `SEEDED_FLAGS` */
export async function run(args: string[]): Promise<void> {
  const database = await openSeededDatabase('yarn bench stats', args);
  try {
    const { StatsService } = loadBackend<{
      StatsService: new (options: object) => StatsService;
    }>('stats/index.ts');
    const stats = new StatsService({ knex: database.knex, timezone: TIMEZONE });
    console.log('\nNumbers of a window, and percentiles');
    await measureWindows(database, stats);
    console.log('\nCharts of 12 months by day, with percentiles of each day');
    await measureCharts(database, stats);
  } finally {
    await database.stop();
  }
}

async function measureWindows(
  database: SeededDatabase,
  stats: StatsService,
): Promise<void> {
  const rows: GoalRow[] = [];
  for (const { name, pipelines } of CALLERS) {
    for (const days of WINDOWS_DAYS) {
      const ask = () =>
        stats.getStats(
          { from: DateTime.utc().minus({ days }).toISO() },
          pipelines,
        );
      const { ask: times } = await timeInTurn(ROUNDS, { ask });
      rows.push(
        await rowOf(`${name}, ${days} days`, database, ask, times, KPI_GOAL_MS),
      );
    }
  }
  printGoals(['window', 'p50', 'p95', 'rows', ''], rows);
}

async function measureCharts(
  database: SeededDatabase,
  stats: StatsService,
): Promise<void> {
  const rows: GoalRow[] = [];
  const from = DateTime.utc().minus({ days: 364 }).startOf('day').toISO();
  for (const { name, pipelines } of CALLERS) {
    const chart = () =>
      stats.getHistory({ bucket: 'day', groupBy: 'none', from }, pipelines);
    const answer = await chart();
    const raw = () => rawAggregate(database, answer, pipelines);
    assertEqual(name, answer.buckets, (await raw()).rows);
    const times = await timeInTurn(RAW_ROUNDS, { chart, raw });
    const { chart: more } = await timeInTurn(ROUNDS, { chart });
    const ratio = distributionOf(times.raw).p50 / distributionOf(more).p50;
    const row = await rowOf(name, database, chart, more, CHART_GOAL_MS);
    rows.push({
      ...row,
      cells: [
        ...row.cells,
        ms(distributionOf(times.raw).p50),
        `${ratio.toFixed(0)}×`,
      ],
      isMet: row.isMet && ratio >= RATIO_GOAL,
    });
  }
  printGoals(
    ['chart', 'p50', 'p95', 'rows', 'raw aggregate', 'faster', ''],
    rows,
  );
}

async function rowOf(
  name: string,
  database: SeededDatabase,
  ask: () => Promise<unknown>,
  times: readonly number[],
  goalMs: number,
): Promise<GoalRow> {
  const { p50, p95 } = distributionOf(times);
  const touched = await touchedBy(
    database.url,
    await statementsOf(database.knex, ask),
  );
  const isBounded = touched.scannedTables.length === 0;
  return {
    name,
    cells: [
      ms(p50),
      ms(p95),
      `${touched.rows.toLocaleString('en')}${isBounded ? '' : ' UNBOUNDED'}`,
    ],
    isMet: isBounded && p50 <= goalMs,
  };
}

function rawAggregate(
  { knex }: SeededDatabase,
  { from, to }: { from: string; to: string },
  pipelines: 'all' | string[],
) {
  return knex.raw<{ state: string; runs: string }>(
    `with ended as (
       select date_trunc('day', finished_at, 'UTC') as day, state, finished_at - started_at as took from runs
        where finished_at >= :from and finished_at < :to ${
          pipelines === 'all' ? '' : 'and pipeline_id = any(:pipelines)'
        })
     select day, state, count(*) as runs, percentile_cont(0.5) within group (order by took) as p50,
       percentile_cont(0.95) within group (order by took) as p95
       from ended group by day, state`,
    { from, to, ...(pipelines !== 'all' && { pipelines }) },
  );
}

/** What is shown has to be right before it is fast. */
function assertEqual(
  name: string,
  buckets: readonly Counts[],
  raw: readonly { state: string; runs: string }[],
): void {
  const sums = new Map<string, number>();
  const add = (state: string, runs: number) =>
    sums.set(state, (sums.get(state) ?? 0) + runs);
  for (const { byState } of buckets) {
    Object.entries(byState).forEach(([state, runs]) => add(state, runs));
  }
  raw.forEach(({ state, runs }) => add(state, -Number(runs)));
  if ([...sums.values()].some(difference => difference !== 0)) {
    throw new Error(`The chart of '${name}' has other counts than the runs`);
  }
}

function idsOf(owner: string): string[] {
  return FLEET.filter(pipeline => pipeline.owner === owner).map(({ id }) => id);
}
