import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inRoot } from '../lib/paths.ts';
import { startPostgres, type TestPostgres } from '../../tests/harness/index.ts';
import { measureFlood } from './queue/flood.ts';
import { contender as graphile } from './queue/graphile.ts';
import { contender as millrace } from './queue/millrace.ts';
import { contender as pgboss } from './queue/pgboss.ts';
import { SLOTS, type Contender } from './queue/Contender.ts';
import { distributionOf, printGoal, printRow } from './lib/measure.ts';

export const description =
  'Claims per second and add to start, beside graphile-worker and pg-boss; a flood of log lines';

const WORKERS = 4;
const JOBS = 10_000;
const ADDS = 200;
const PAUSE_MS = 20;
const CLAIMS_GOAL = 2_000;
const DRAIN_POLL_MS = 25;
const CONTENDERS = { millrace, graphile, pgboss };

type Name = keyof typeof CONTENDERS;

interface Measured {
  jobsPerSecond: number;
  waitsMs: number[];
}

/** `--jobs <n>` for another number of jobs; `--only queue` or `--only flood` for one half. */
export async function run(args: string[]): Promise<void> {
  const value = (flag: string) => args[args.indexOf(flag) + 1];
  const jobs = args.includes('--jobs') ? Number(value('--jobs')) : JOBS;
  const only = args.includes('--only') ? value('--only') : undefined;
  const postgres = await startPostgres();
  try {
    if (only !== 'flood') {
      await compare(postgres, jobs);
    }
    if (only !== 'queue') {
      await measureFlood(postgres);
    }
  } finally {
    await postgres.stop();
  }
}

async function compare(postgres: TestPostgres, jobs: number): Promise<void> {
  const measured = {} as Record<Name, Measured>;
  for (const name of Object.keys(CONTENDERS) as Name[]) {
    measured[name] = await measure(postgres, name, jobs);
  }
  console.log(
    `\n${jobs} jobs that do nothing, ${WORKERS} workers with ${SLOTS} slots each, one job at a time`,
  );
  for (const name of Object.keys(CONTENDERS) as Name[]) {
    const rate = measured[name].jobsPerSecond;
    console.log(`  ${CONTENDERS[name].name.padEnd(46)} ${rate.toFixed(0)}/s`);
  }
  const ours = measured.millrace.jobsPerSecond;
  const ratio = ours / measured.graphile.jobsPerSecond;
  printGoal(
    `at least ${CLAIMS_GOAL}/s`,
    `${ours.toFixed(0)}/s`,
    ours >= CLAIMS_GOAL,
  );
  printGoal(
    'as many as graphile-worker',
    `${ratio.toFixed(2)} times`,
    ratio >= 1,
  );
  console.log('\nAdd (statement sent) to start (the worker has the job)');
  for (const name of Object.keys(CONTENDERS) as Name[]) {
    printRow(CONTENDERS[name].name, measured[name].waitsMs);
  }
  const p95 = (name: Name) => distributionOf(measured[name].waitsMs).p95;
  console.log(
    `  ${(p95('millrace') / p95('graphile')).toFixed(
      2,
    )} times the p95 of graphile-worker`,
  );
}

async function measure(
  postgres: TestPostgres,
  name: Name,
  jobs: number,
): Promise<Measured> {
  const contender: Contender = CONTENDERS[name];
  const database = `bench_${name}`;
  const databaseUrl = postgres.urlOf(database);
  await createDatabase(postgres.url, database);
  await contender.prepare(databaseUrl);
  const producer = await contender.connect(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await producer.fill(jobs);
  await client.query('vacuum analyze');

  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startWorker(name, databaseUrl)),
  );
  const startedAt = performance.now();
  await Promise.all(workers.map(worker => tell(worker, 'start')));
  await untilDone(client, contender);
  const seconds = (performance.now() - startedAt) / 1_000;

  for (let i = 0; i < ADDS; i++) {
    await producer.add(performance.timeOrigin + performance.now());
    await sleep(PAUSE_MS);
  }
  await untilDone(client, contender);
  const answers = await Promise.all(workers.map(stopWorker));
  await producer.close();
  await client.end();
  return { jobsPerSecond: jobs / seconds, waitsMs: answers.flat() };
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
}

async function untilDone(
  client: pg.Client,
  contender: Contender,
): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ left: boolean }>(
      `select exists (${contender.leftSql}) as left`,
    );
    if (!rows[0]?.left) {
      return;
    }
    await sleep(DRAIN_POLL_MS);
  }
}

async function startWorker(
  name: Name,
  databaseUrl: string,
): Promise<ChildProcess> {
  const worker = fork(inRoot('scripts/bench/queue/worker.ts'), [
    name,
    databaseUrl,
  ]);
  await answerOf(worker);
  return worker;
}

async function tell(worker: ChildProcess, word: string): Promise<unknown> {
  const answer = answerOf(worker);
  worker.send(word);
  return answer;
}

async function stopWorker(worker: ChildProcess): Promise<number[]> {
  return (await tell(worker, 'stop')) as number[];
}

/** The next word of a worker; what loads its sources talks on the same channel. */
async function answerOf(worker: ChildProcess): Promise<unknown> {
  for await (const [message] of on(worker, 'message', { close: ['exit'] })) {
    if (message.bench !== undefined) {
      return message.bench;
    }
  }
  throw new Error('A worker ended before it was told to');
}
