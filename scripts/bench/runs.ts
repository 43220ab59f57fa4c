import { createRequire } from 'node:module';
import {
  startBackendOnly,
  startPostgres,
  type PortalApi,
} from '../../tests/harness/index.ts';
import { generateHistory } from '../seed/history.ts';
import { loadBackend } from '../lib/loadBackend.ts';
import {
  distributionOf,
  printGoal,
  printRow,
  timeInTurn,
} from './lib/measure.ts';

export const description =
  'The runs list over a million runs, beside bare SQL of the same page';

const DEFAULT_RUNS = 1_000_000;
const DAYS = 365;
const ROUNDS = 200;
const STORE_GOAL = 3; // Times bare SQL.
const HTTP_GOAL_MS = 25; // Over bare SQL.
const PAGE = 50;

const COLUMNS = `id, pipeline_id, origin, trigger, state, state_changed_at, title, labels, priority, note,
  pipeline_version, submitted_by, retry_of, queued_at, run_at, started_at, finished_at, attempt, max_attempts,
  lease_owner, cancel_requested_at, cancel_requested_by, cancel_reason, cancel_force, progress, progress_message,
  current_step, error_kind, error_message, error_step, exit_code, exit_signal, summary`;

interface Page {
  items: unknown[];
}
type Knex = {
  raw(sql: string, bindings?: unknown[]): Promise<{ rows: unknown[] }>;
  destroy(): Promise<void>;
};
type Query = { limit: number; state?: string[]; cursor?: string };
type RunsService = {
  listRuns(query: Query, pipelines: 'all' | string[]): Promise<Page>;
};

interface Case {
  name: string;
  query: Query;
  /** Undefined: the caller may see every pipeline. */
  pipelines?: string[];
  sql: string;
  bindings: unknown[];
}

/** What a hand-written statement for the same page would be. */
function casesOf(own: string[], deepId: string): Case[] {
  const deep = Buffer.from(JSON.stringify({ before: deepId })).toString(
    'base64url',
  );
  return [
    {
      name: 'first page, everything',
      query: { limit: PAGE },
      sql: `select ${COLUMNS} from runs order by id desc limit 51`,
      bindings: [],
    },
    {
      name: 'first page, own team',
      query: { limit: PAGE },
      pipelines: own,
      sql: `select ${COLUMNS} from runs where pipeline_id = any(?) order by id desc limit 51`,
      bindings: [own],
    },
    {
      name: 'deep page, everything',
      query: { limit: PAGE, cursor: deep },
      sql: `select ${COLUMNS} from runs where id < ? order by id desc limit 51`,
      bindings: [deepId],
    },
    {
      name: 'failed or lost, everything',
      query: { limit: PAGE, state: ['failed', 'lost'] },
      sql: `select ${COLUMNS} from runs where state in ('failed', 'lost') order by id desc limit 51`,
      bindings: [],
    },
    {
      name: 'failed, own team',
      query: { limit: PAGE, state: ['failed'] },
      pipelines: own,
      sql: `select ${COLUMNS} from runs where state = 'failed' and pipeline_id = any(?) order by id desc limit 51`,
      bindings: [own],
    },
  ];
}

/** @param args - `--runs <number>` generates another number of runs */
export async function run(args: string[]): Promise<void> {
  const flag = args.indexOf('--runs');
  const runs = flag >= 0 ? Number(args[flag + 1]) : DEFAULT_RUNS;
  const postgres = await startPostgres();
  const portal = await startBackendOnly({
    postgres,
    configOverrides: { pipelines: { worker: { enabled: false } } },
  });
  try {
    const url = postgres.urlOf('backstage_plugin_pipelines');
    const pipelines = await postgres.query<{ id: string; owner_ref: string }>(
      'select id, owner_ref from pipelines order by id',
    );
    console.log(`Generating ${runs.toLocaleString('en')} runs`);
    await generateHistory({
      url,
      runs,
      days: DAYS,
      pipelines: pipelines.map(({ id }) => ({
        id,
        typicalSeconds: 45,
        successRate: 0.92,
      })),
    });
    await postgres.query('vacuum (analyze) runs');
    const own = pipelines
      .filter(({ owner_ref }) => owner_ref === 'group:default/web-platform')
      .map(({ id }) => id);
    const [deep] = await postgres.query<{ id: string }>(
      'select id from runs order by id desc offset $1 limit 1',
      [Math.floor(runs / 2)],
    );
    const cases = casesOf(own, deep!.id);
    const bare = await measureStore(url, cases);
    await measureHttp(
      await portal.apiAs('user:default/ada'),
      await portal.apiAs('user:default/ingrid'),
      cases,
      bare,
    );
  } finally {
    await portal.stop();
    await postgres.stop();
  }
}

/** Returns the middle of bare SQL by case, in ms. */
async function measureStore(
  url: string,
  cases: Case[],
): Promise<Map<string, number>> {
  const { RunsService } = loadBackend<{
    RunsService: new (options: object) => RunsService;
  }>('runs/index.ts');
  const knexFactory = createRequire(import.meta.url)('knex') as (
    options: object,
  ) => Knex;
  const knex = knexFactory({ client: 'pg', connection: url });
  const service = new RunsService({ knex, definitions: {} });
  const bare = new Map<string, number>();
  console.log('\nStore, in turn with bare SQL through the same client');
  for (const { name, query, pipelines, sql, bindings } of cases) {
    const contestants = {
      sql: () => knex.raw(sql, bindings),
      store: () => service.listRuns(query, pipelines ?? 'all'),
    };
    await timeInTurn(20, contestants);
    const times = await timeInTurn(ROUNDS, contestants);
    const ratio =
      distributionOf(times.store).p50 / distributionOf(times.sql).p50;
    bare.set(name, distributionOf(times.sql).p50);
    printRow(`${name}: bare SQL`, times.sql);
    printRow(`${name}: store`, times.store);
    printGoal(
      `at most ${STORE_GOAL} times bare SQL`,
      `${ratio.toFixed(2)} times`,
      ratio <= STORE_GOAL,
    );
  }
  await knex.destroy();
  return bare;
}

async function measureHttp(
  admin: PortalApi,
  member: PortalApi,
  cases: Case[],
  bare: Map<string, number>,
): Promise<void> {
  console.log('\nHTTP, permissions on, with the token of a user');
  for (const { name, query, pipelines } of cases) {
    const api = pipelines ? member : admin;
    const parameters = new URLSearchParams({
      limit: String(query.limit),
      ...(query.state && { state: query.state.join(',') }),
      ...(query.cursor && { cursor: query.cursor }),
    });
    const ask = async () => {
      const page = await api.json<Page>(`/api/pipelines/runs?${parameters}`);
      if (page.items.length !== PAGE) {
        throw new Error(`'${name}' has ${page.items.length} items`);
      }
    };
    await timeInTurn(10, { ask });
    const { ask: times } = await timeInTurn(ROUNDS, { ask });
    const over = distributionOf(times).p50 - bare.get(name)!;
    printRow(`${name}: HTTP`, times);
    printGoal(
      `p50 at most bare SQL + ${HTTP_GOAL_MS} ms`,
      `bare SQL + ${over.toFixed(1)} ms`,
      over <= HTTP_GOAL_MS,
    );
  }
}
