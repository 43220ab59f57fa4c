import { loadBackend } from '../lib/loadBackend.ts';
import { ms, printGoals, type GoalRow } from './lib/goals.ts';
import { listCases, type ListCase } from './lib/listCases.ts';
import { distributionOf, timeInTurn } from './lib/measure.ts';
import { statementsOf, touchedBy } from './lib/plans.ts';
import {
  FLEET,
  openSeededDatabase,
  type SeededDatabase,
} from './lib/seededDatabase.ts';

export const description =
  'Pages of the runs list with every filter, beside bare SQL of the same page';

const PAGE = 50;
const DEEP_PAGE = 10_000;
const ROUNDS = 30;
/** Of bare SQL that is slower than this, fewer rounds are enough. */
const SLOW_MS = 500;
const SLOW_ROUNDS = 3;
const PAGE_GOAL_MS = 25;
const TEXT_GOAL_MS = 150;
const RATIO_GOAL = 3;
/** What takes less than this is as fast as can be, whatever the ratio. */
const NEGLIGIBLE_MS = 2;
const SCAN_BUDGET = 10_000;
/** One statement reads the page, and one finds out where it ends. */
const MAX_TOUCHED_ROWS = 2 * SCAN_BUDGET + 1_000;

const COLUMNS = `id, pipeline_id, origin, trigger, state, state_changed_at, title, labels, priority, note,
  pipeline_version, submitted_by, retry_of, queued_at, run_at, started_at, finished_at, attempt, max_attempts,
  lease_owner, cancel_requested_at, cancel_requested_by, cancel_reason, cancel_force, progress, progress_message,
  current_step, error_kind, error_message, error_step, exit_code, exit_signal, summary`;

interface Page {
  items: { id: string }[];
  searchedBackTo?: string;
}

type ListRuns = (query: object, pipelines: 'all' | string[]) => Promise<Page>;

/** Who asks: the pipelines that they may see. */
const CALLERS: readonly { name: string; pipelines?: string[] }[] = [
  { name: 'all' },
  { name: '12 of 40', pipelines: FLEET.slice(5, 17).map(({ id }) => id) },
  { name: '25 of 40', pipelines: FLEET.slice(5, 30).map(({ id }) => id) },
];

/** @param args - see `SEEDED_FLAGS` */
export async function run(args: string[]): Promise<void> {
  const database = await openSeededDatabase('yarn bench lists', args);
  try {
    const { RunsService } = loadBackend<{
      RunsService: new (options: object) => { listRuns: ListRuns };
    }>('runs/index.ts');
    const service = new RunsService({ knex: database.knex, definitions: {} });
    const listRuns = service.listRuns.bind(service);
    const cases = await listCases(database.knex);
    for (const caller of CALLERS) {
      console.log(`\nA caller who may see ${caller.name} pipelines`);
      const rows: GoalRow[] = [];
      for (const one of cases) {
        rows.push(
          ...(await measure(database, listRuns, one, caller.pipelines)),
        );
      }
      printGoals(
        ['filter', 'page', 'store p50', 'p95', 'bare SQL', 'ratio', 'rows', ''],
        rows,
      );
    }
  } finally {
    await database.stop();
  }
}

/** The first page, and the 10,000th or the one before the last. */
async function measure(
  database: SeededDatabase,
  listRuns: ListRuns,
  one: ListCase,
  allowed: string[] | undefined,
): Promise<GoalRow[]> {
  const pipelines = one.pipelines
    ? one.pipelines.filter(id => !allowed || allowed.includes(id))
    : allowed;
  const where = [
    one.where,
    ...(pipelines ? ['pipeline_id = any(:pipelines)'] : []),
  ].join(' and ');
  const bindings = { ...one.bindings, ...(pipelines && { pipelines }) };
  const rows: GoalRow[] = [];
  for (const isDeep of [false, true]) {
    const before = isDeep ? await deepId(database, where, bindings) : undefined;
    if (isDeep && !before) {
      continue;
    }
    const cursor =
      before &&
      Buffer.from(JSON.stringify({ before: before.id })).toString('base64url');
    const store = () =>
      listRuns({ ...one.query, limit: PAGE, cursor }, pipelines ?? 'all');
    const bare = () =>
      database.knex.raw<{ id: string }>(
        `select ${COLUMNS} from runs where ${where} ${
          before ? 'and id < :before' : ''
        } order by id desc limit ${PAGE + 1}`,
        { ...bindings, ...(before && { before: before.id }) },
      );
    await assertSame(one, await store(), (await bare()).rows);
    const startedAt = performance.now();
    await bare();
    const isSlow = performance.now() - startedAt > SLOW_MS;
    const times = await timeInTurn(isSlow ? SLOW_ROUNDS : ROUNDS, {
      bare,
      store,
    });
    const { p50, p95 } = distributionOf(times.store);
    const sql = distributionOf(times.bare).p50;
    const touched = await touchedBy(
      database.url,
      await statementsOf(database.knex, store),
    );
    const isBounded =
      touched.rows <= MAX_TOUCHED_ROWS && touched.scannedTables.length === 0;
    const goal = one.isText ? TEXT_GOAL_MS : PAGE_GOAL_MS;
    rows.push({
      name: one.name,
      cells: [
        before ? before.page.toLocaleString('en') : '1',
        ms(p50),
        ms(p95),
        ms(sql),
        `${(p50 / sql).toFixed(2)}×`,
        isBounded
          ? touched.rows.toLocaleString('en')
          : `${touched.rows.toLocaleString('en')} UNBOUNDED`,
      ],
      isMet:
        isBounded &&
        p50 <= goal &&
        (p50 <= sql * RATIO_GOAL || p50 <= NEGLIGIBLE_MS),
    });
  }
  return rows;
}

/** Where the page begins, which is the 10,000th where there are as many. */
async function deepId(
  { knex }: SeededDatabase,
  where: string,
  bindings: object,
): Promise<{ id: string; page: number } | undefined> {
  const {
    rows: [found],
  } = await knex.raw<{ id: string | null; matches: string }>(
    `select min(cast(id as text)) as id, count(*) as matches
       from (select id from runs where ${where} order by id desc limit :limit) as newer`,
    { ...bindings, limit: (DEEP_PAGE - 1) * PAGE },
  );
  const pages = Math.floor(Number(found?.matches ?? 0) / PAGE);
  return found?.id && pages > 2 ? { id: found.id, page: pages + 1 } : undefined;
}

/** What is listed has to be right before it is fast. */
async function assertSame(
  one: ListCase,
  page: Page,
  bare: readonly { id: string }[],
): Promise<void> {
  const ids = page.items.map(({ id }) => id);
  const expected = bare.slice(0, PAGE).map(({ id }) => id);
  const isSame = page.searchedBackTo
    ? ids.every((id, place) => id === expected[place])
    : ids.join() === expected.join();
  if (!isSame) {
    throw new Error(`The page of '${one.name}' has other runs than bare SQL`);
  }
}
