import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { Failure } from '../../lib/failure.mjs';
import { loadBackend } from '../../lib/loadBackend.ts';
import { readFlags } from '../../lib/options.mjs';
import { startPostgresServer } from '../../lib/postgres.ts';
import { formatDuration } from '../../lib/progress.mjs';
import { makeTemporaryFolder } from '../../lib/temporaryFolder.ts';
import { generateBulk } from '../../seed/bulk.ts';

const DEFAULT_RUNS = '1000000';
const DAYS = 365;
const SEEDED = 'seeded';
// Of a server on the loopback address that holds generated rows only.
const PASSWORD = 'bench';

/** What `runs` of a generated fleet are about. */
export interface FleetPipeline {
  id: string;
  owner: string;
  entity: string;
}

/** Pipelines of the fleet, the most frequent first; every eighth has the same owner. */
export const FLEET: readonly FleetPipeline[] = Array.from(
  { length: 40 },
  (_, no) => ({
    id: `feed-${no}`,
    owner: `group:default/team-${no % 8}`,
    entity: `component:default/archive-${no % 20}`,
  }),
);

/** A client as the backend has it. */
export interface BenchKnex {
  raw<TRow = Record<string, unknown>>(
    sql: string,
    bindings?: unknown,
  ): Promise<{ rows: TRow[] }>;
  on(
    event: 'query',
    listener: (query: { sql: string; bindings: unknown[] }) => void,
  ): void;
  off(
    event: 'query',
    listener: (query: { sql: string; bindings: unknown[] }) => void,
  ): void;
  destroy(): Promise<void>;
}

/** A database with a generated fleet in it. */
export interface SeededDatabase {
  url: string;
  knex: BenchKnex;
  runs: number;
  stop(): Promise<void>;
}

/** How to name a database to the benchmarks. */
export const SEEDED_FLAGS = `  --runs <number>  of generated runs over 12 months (default ${DEFAULT_RUNS})
  --data <folder>  keeps the server's files there, so that the next time finds the runs again
                   (default: a folder that is deleted)
  --url <url>      an empty or seeded database of a Postgres that is there, instead of an own one`;

/**
 * A database with as many generated runs as the flags say; those that are there from the last
 * time are used again.
 */
export async function openSeededDatabase(
  command: string,
  args: string[],
): Promise<SeededDatabase> {
  const flags = readFlags(args, {
    command,
    usage: `${command}\n\n${SEEDED_FLAGS}`,
    options: {
      runs: { type: 'string', default: DEFAULT_RUNS },
      data: { type: 'string' },
      url: { type: 'string' },
    },
  });
  const runs = Number(flags.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Failure(`--runs ${flags.runs} is not a positive number.`, {
      wayOut: SEEDED_FLAGS,
    });
  }
  const server = flags.url ? undefined : await startServer(flags.data);
  try {
    const url = flags.url ?? (await findOrMake(server!.url, `fleet_${runs}`));
    await seed(url, runs);
    const knex = knexOf(url);
    const stop = async () => {
      await knex.destroy();
      await server?.stop();
    };
    return { url, knex, runs, stop };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

async function startServer(folder: string | undefined) {
  const temporary = folder ? undefined : makeTemporaryFolder('bench');
  if (folder) {
    // Entered by the user whom PostgreSQL runs as when we are root.
    fs.mkdirSync(folder, { recursive: true });
  }
  const server = await startPostgresServer({
    directory: path.resolve(folder ?? temporary!.path, 'postgres'),
    password: PASSWORD,
    durable: false,
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      temporary?.remove();
    },
  };
}

/** The URL of the database, which may be empty. */
async function findOrMake(url: string, name: string): Promise<string> {
  await withClient(url, async client => {
    const { rowCount } = await client.query(
      'select from pg_database where datname = $1',
      [name],
    );
    if (!rowCount) {
      await client.query(`create database ${name}`);
    }
  });
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.toString();
}

async function seed(url: string, runs: number): Promise<void> {
  const { MIGRATIONS_FOLDER } = loadBackend<{ MIGRATIONS_FOLDER: string }>(
    'database/index.ts',
  );
  const knex = knexOf(url) as BenchKnex & {
    migrate: { latest(options: object): Promise<void> };
  };
  await knex.migrate
    .latest({ directory: MIGRATIONS_FOLDER })
    .finally(() => knex.destroy());
  await withClient(url, async client => {
    const { rows } = await client.query(
      `select obj_description('runs'::regclass) as note, exists (select from runs) as has_runs`,
    );
    if (rows[0].note?.startsWith(SEEDED)) {
      console.log(`The runs are there from before (${rows[0].note}).`);
      return;
    }
    if (rows[0].has_runs) {
      console.log('The database has runs; none are generated.');
      return;
    }
    const startedAt = performance.now();
    console.log(`Generating ${runs.toLocaleString('en')} runs`);
    await client.query(
      `insert into pipelines (id, title, owner_ref, entity_ref, engine, version)
       select id, 'Import ' || id, owner, entity, 'process', '1.0.0'
         from jsonb_to_recordset($1::jsonb) as fleet (id text, owner text, entity text)
       on conflict do nothing`,
      [JSON.stringify(FLEET)],
    );
    await generateBulk({
      url,
      runs,
      days: DAYS,
      timezone: 'UTC',
      pipelines: FLEET.map(({ id }, no) => ({
        id,
        title: `Import of feed ${no}, part {n}`,
        parameters: {
          url: `https://feeds.example.org/${no}/{n}.json`,
          region: 'eu',
        },
        typicalSeconds: 5 + ((no * 37) % 300),
        successRate: 0.9 + (no % 10) / 100,
      })),
      onProgress: made => {
        if (made % 500_000 === 0) {
          console.log(`  ${made.toLocaleString('en')}`);
        }
      },
    });
    const note = `${SEEDED} with ${runs} runs`;
    await client.query(`comment on table runs is '${note}'`);
    const size = await client.query(
      'select pg_size_pretty(pg_database_size(current_database())) as size',
    );
    console.log(
      `Done in ${formatDuration(performance.now() - startedAt)}, ${
        size.rows[0].size
      }.`,
    );
  });
}

function knexOf(url: string): BenchKnex {
  const factory = createRequire(import.meta.url)('knex') as (
    options: object,
  ) => BenchKnex;
  return factory({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: 4 },
  });
}

async function withClient<TResult>(
  url: string,
  use: (client: pg.Client) => Promise<TResult>,
): Promise<TResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
