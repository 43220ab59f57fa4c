import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { loadCredentials } from '../lib/credentials.ts';
import { Failure, printFailure } from '../lib/failure.mjs';
import { readFlags } from '../lib/options.mjs';
import { DEFAULT_DATA_DIRECTORY } from '../lib/paths.ts';
import { formatDuration } from '../lib/progress.mjs';
import { generateBulk } from './bulk.ts';

const DEFAULT_RUNS = '400';
const DEFAULT_DAYS = '30';
const DEFAULT_TIMEZONE = 'UTC';
const TYPICAL_SECONDS = 45;
const SUCCESS_RATE = 0.92;
const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const PORT_LINE = 3; // Of postmaster.pid, from 0.

const USAGE = `yarn seed [flags]

Generates ended runs of the past, labelled 'demo: generated', for every pipeline
that the portal knows, with the statistics and failures that follow from them.
Stop the portal's own runs meanwhile: a million runs take about a minute, in
which other runs wait.

  --runs <number>  how many (default ${DEFAULT_RUNS})
  --days <number>  over how many days before now (default ${DEFAULT_DAYS})
  --timezone <zone>  as in 'pipelines.stats.timezone' (default ${DEFAULT_TIMEZONE})
  --url <url>      database of the pipelines plugin (default: of the running npm start)
`;

async function main(args: string[]): Promise<void> {
  const flags = readFlags(args, {
    command: 'yarn seed',
    usage: USAGE,
    options: {
      runs: { type: 'string', default: DEFAULT_RUNS },
      days: { type: 'string', default: DEFAULT_DAYS },
      timezone: { type: 'string', default: DEFAULT_TIMEZONE },
      url: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (flags.help) {
    console.log(USAGE);
    return;
  }
  const url = flags.url ?? runningDatabase();
  const runs = readCount('runs', flags.runs);
  const startedAt = performance.now();
  await generateBulk({
    url,
    runs,
    days: readCount('days', flags.days),
    timezone: flags.timezone,
    pipelines: (
      await listPipelineIds(url)
    ).map(id => ({
      id,
      typicalSeconds: TYPICAL_SECONDS,
      successRate: SUCCESS_RATE,
    })),
    onProgress: made => console.log(`  ${made} of ${runs} runs`),
  });
  console.log(`Done in ${formatDuration(performance.now() - startedAt)}.`);
}

async function listPipelineIds(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      'select id from pipelines where removed_at is null order by id',
    );
    if (rows.length === 0) {
      throw new Failure('The portal knows no pipelines yet.', {
        wayOut: 'Start it once with pipelines in its configuration.',
      });
    }
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

function runningDatabase(): string {
  const directory = path.resolve(
    process.env.MILLRACE_DATA_DIR ?? DEFAULT_DATA_DIRECTORY,
  );
  const pidFile = path.join(directory, 'postgres/postmaster.pid');
  if (!fs.existsSync(pidFile)) {
    throw new Failure(`No embedded PostgreSQL runs in ${directory}.`, {
      wayOut: 'Run npm start first, or name the database with --url.',
    });
  }
  const port = fs.readFileSync(pidFile, 'utf8').split('\n')[PORT_LINE];
  const { millrace_portal: password } = loadCredentials(directory);
  return `postgresql://millrace_portal:${password}@127.0.0.1:${port}/${PLUGIN_DATABASE}`;
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new Failure(`--${name} ${text} is not a positive number.`, {
      wayOut: USAGE,
    });
  }
  return count;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  printFailure(error);
  process.exit(1);
}
