import { createRequire } from 'node:module';
import pg from 'pg';
import { loadBackend } from '../lib/loadBackend.ts';
import {
  COUNT_FAILURE_HOURS,
  COUNT_FAILURES,
  DRAW_RUNS,
  FILL_ERRORS,
  FILL_INCIDENTS,
  FILL_PIPELINES,
  INSERT_DELTAS,
  INSERT_FAILURES,
  INSERT_RUNS,
  MAKE_SOURCES,
} from './bulkSql.ts';
import { seededErrors } from './errors.ts';
import { GENERATED_LABEL, type HistoryPipeline } from './history.ts';
import { INSERT_ATTEMPTS, INSERT_EVENTS } from './historySql.ts';

const BATCH_RUNS = 50_000;
/** Deltas that are folded at once. */
const FOLD_BATCH = 50_000;
/** Attempts and events are written of this many of the newest runs. */
const DETAILED_RUNS = 100_000;
/** As long as counts of failures can be asked for. */
const FAILURE_DAYS = 90;
/** The n-th pipeline has 1 / (n + this) of the runs of all. */
const RANK_OFFSET = 2;
const SUBMITTERS = 40;

/** How many runs to generate, see `generateBulk`. */
export interface BulkOptions {
  /** The database of the pipelines plugin, migrated and with its pipelines. */
  url: string;
  runs: number;
  /** The runs lie in this many days before now. */
  days: number;
  /** The most frequent first. `{n}` in title and parameters is another number in each run. */
  pipelines: HistoryPipeline[];
  /** IANA name of the zone that days of statistics are cut in. */
  timezone: string;
  /** Told how many runs there are by now. */
  onProgress?: (runs: number) => void;
}

type FoldDeltas = (options: {
  knex: unknown;
  timezone: string;
  limit: number;
}) => Promise<number>;

/**
 * Writes millions of ended runs of the past, in time order, with the roll-ups and failures that
 * follow from them, labelled `demo: generated`.
 *
 * @remarks
 * Failures come in clusters and errors recur. Triggers are off while a batch is written, and what
 * they would have done is done for the whole batch; so nothing else should write runs meanwhile.
 * Only the newest runs have attempts and events; none has a log, as nothing was executed.
 */
export async function generateBulk(options: BulkOptions): Promise<void> {
  const { foldDeltas } = loadBackend<{ foldDeltas: FoldDeltas }>(
    'stats/operations/foldDeltas.ts',
  );
  const knexFactory = createRequire(import.meta.url)('knex') as (
    options: object,
  ) => { destroy(): Promise<void> };
  const knex = knexFactory({ client: 'pg', connection: options.url });
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    const errors = await prepare(client, options);
    for (let made = 0; made < options.runs; ) {
      const runs = Math.min(BATCH_RUNS, options.runs - made);
      await insertBatch(client, options, { made, runs, errors });
      while (
        (await foldDeltas({
          knex,
          timezone: options.timezone,
          limit: FOLD_BATCH,
        })) > 0
      );
      made += runs;
      options.onProgress?.(made);
    }
    await client.query(
      'vacuum (analyze) runs, stats_hourly, stats_daily, stats_hourly_histograms, stats_daily_histograms, stats_hourly_total, stats_daily_total, stats_hourly_total_histograms, stats_daily_total_histograms, stats_deltas, failure_pipelines, failure_counts',
    );
    await client.query('analyze run_attempts, run_events');
  } finally {
    await client.end();
    await knex.destroy();
  }
}

/** Returns the number of errors. */
async function prepare(
  client: pg.Client,
  options: BulkOptions,
): Promise<number> {
  const errors = seededErrors();
  await client.query(
    `set synchronous_commit = off; set jit = off; set work_mem = '256MB'; set timezone = 'UTC'`,
  );
  await client.query(MAKE_SOURCES);
  await client.query(FILL_PIPELINES, [JSON.stringify(options.pipelines)]);
  await client.query(FILL_ERRORS, [JSON.stringify(errors)]);
  await client.query(FILL_INCIDENTS, [options.days, errors.length]);
  await client.query(
    'create index on seed_incidents (pipeline_id, from_at); analyze seed_pipelines, seed_errors, seed_incidents',
  );
  await client.query(INSERT_FAILURES);
  return errors.length;
}

async function insertBatch(
  client: pg.Client,
  options: BulkOptions,
  batch: { made: number; runs: number; errors: number },
): Promise<void> {
  const daysBefore = (made: number) => options.days * (1 - made / options.runs);
  const end = batch.made + batch.runs;
  await client.query('begin');
  try {
    await client.query(DRAW_RUNS, [
      batch.runs,
      daysBefore(batch.made),
      daysBefore(end),
      thresholdsOf(options.pipelines.length),
      batch.errors,
      submitters(),
    ]);
    await client.query('alter table runs disable trigger user');
    await client.query(INSERT_RUNS, [JSON.stringify(GENERATED_LABEL)]);
    await client.query('alter table runs enable trigger user');
    await client.query(INSERT_DELTAS);
    await client.query(COUNT_FAILURES);
    await client.query(COUNT_FAILURE_HOURS, [FAILURE_DAYS]);
    if (end > options.runs - DETAILED_RUNS) {
      await client.query(INSERT_ATTEMPTS);
      await client.query(INSERT_EVENTS);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Where the shares of the pipelines begin, all but the first, as few have most runs. */
function thresholdsOf(pipelines: number): number[] {
  const shares = Array.from(
    { length: pipelines },
    (_, rank) => 1 / (rank + RANK_OFFSET),
  );
  const all = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return shares.slice(0, -1).map(share => {
    sum += share / all;
    return sum;
  });
}

function submitters(): string[] {
  return [
    'user:default/ada',
    'user:default/noor',
    'user:default/mateo',
    ...Array.from(
      { length: SUBMITTERS - 3 },
      (_, no) => `user:default/user-${no}`,
    ),
  ];
}
