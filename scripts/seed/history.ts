import pg from 'pg';
import {
  DRAW_RUNS,
  INSERT_ATTEMPTS,
  INSERT_EVENTS,
  INSERT_RUNS,
} from './historySql.ts';

const BATCH_RUNS = 20_000;

/** The label of every generated run, so that it is never taken for a real one. */
export const GENERATED_LABEL = { demo: 'generated' } as const;

/** What a generated run of one pipeline looks like. */
export interface HistoryPipeline {
  id: string;
  /** Typical duration, in seconds; real ones scatter around it. */
  typicalSeconds: number;
  /** 0 to 1; the rest is failed, timed out, cancelled or lost. */
  successRate: number;
  parameters?: Record<string, unknown>;
  /** Default: the title of the pipeline. */
  title?: string;
}

/** How much history to generate. */
export interface HistoryOptions {
  /** The database of the pipelines plugin, migrated and with its pipelines. */
  url: string;
  runs: number;
  /** The runs lie in this many days before now. */
  days: number;
  pipelines: HistoryPipeline[];
  /** Told how many runs there are by now. */
  onProgress?: (runs: number) => void;
}

/**
 * Writes ended runs of the past with their attempts and events, shaped as the
 * portal writes them, labelled `demo: generated`.
 *
 * @remarks
 * They have no log and no artifacts, as nothing was executed.
 */
export async function generateHistory(options: HistoryOptions): Promise<void> {
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    for (let made = 0; made < options.runs; made += BATCH_RUNS) {
      const runs = Math.min(BATCH_RUNS, options.runs - made);
      await insertBatch(client, options, runs);
      options.onProgress?.(made + runs);
    }
    await client.query('analyze runs, run_attempts, run_events');
  } finally {
    await client.end();
  }
}

/** Whether history was generated in this database before. */
export async function hasGeneratedRuns(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      'select from runs where labels @> $1 limit 1',
      [JSON.stringify(GENERATED_LABEL)],
    );
    return Boolean(rowCount);
  } finally {
    await client.end();
  }
}

async function insertBatch(
  client: pg.Client,
  options: HistoryOptions,
  runs: number,
): Promise<void> {
  await client.query('begin');
  await client.query(DRAW_RUNS, [
    runs,
    options.days,
    JSON.stringify(options.pipelines),
  ]);
  await client.query(INSERT_RUNS, [JSON.stringify(GENERATED_LABEL)]);
  await client.query(INSERT_ATTEMPTS);
  await client.query(INSERT_EVENTS);
  await client.query('commit');
}
