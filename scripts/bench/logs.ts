import { startPostgres } from '../../tests/harness/index.ts';
import { loadBackend } from '../lib/loadBackend.ts';
import { distributionOf, printGoal, printRow } from './lib/measure.ts';

export const description =
  'A log of a million lines: its end, any line, and finds over the whole of it';

const LINES = 1_000_000;
const BATCH_LINES = 5_000;
const LEARNT_LINES = 100_000;
const ROUNDS = 5;
const JUMPS = 200;
const PAGE_LINES = 1_000;
const OPEN_GOAL_MS = 500;
const JUMP_GOAL_MS = 200;
const FIND_GOAL_MS = 1_500;
const MEMORY_GOAL_MB = 150;
const MB = 1024 * 1024;

interface Lease {
  runId: string;
}
interface TestRun {
  id: string;
  lease: Lease;
  end(state: string): Promise<void>;
}
interface TestDatabase {
  knex: unknown;
  drop(): Promise<void>;
}
interface LogsService {
  append(lease: Lease, batch: object): Promise<void>;
  readRange(
    runId: string,
    query: object,
  ): Promise<{ lines: unknown[]; totalBytes: number }>;
}
interface Found {
  found: number;
  levels: Record<string, number>;
  stopped?: string;
}
interface LogSearcher {
  search(runId: string, wish: object, signal: AbortSignal): Promise<Found>;
}

interface Services {
  database: TestDatabase;
  logs: LogsService;
  searcher: LogSearcher;
  createRun(): Promise<TestRun>;
  learn(): Promise<void>;
  novelLines(): Promise<object>;
}

/** Takes no arguments. */
export async function run(): Promise<void> {
  const postgres = process.env.MILLRACE_TEST_POSTGRES_URL
    ? undefined
    : await startPostgres();
  process.env.MILLRACE_TEST_POSTGRES_URL ??= postgres?.url;
  const services = await createServices();
  try {
    const runId = await writeLog(services);
    await measureReads(services, runId);
    await measureFinds(services, runId);
  } finally {
    await services.database.drop();
    await postgres?.stop();
  }
}

async function createServices(): Promise<Services> {
  const { TestDatabase } = loadBackend<{
    TestDatabase: { create(): Promise<TestDatabase> };
  }>('__testUtils__/TestDatabase.ts');
  const { TestRun, TEST_PIPELINE } = loadBackend<{
    TestRun: { create(knex: unknown): Promise<TestRun> };
    TEST_PIPELINE: string;
  }>('__testUtils__/TestRun.ts');
  const rooms = loadBackend<{
    LogsService: { create(options: object): LogsService };
    LogSearcher: new (options: object) => LogSearcher;
    LearnTemplatesTask: new (options: object) => { run(): Promise<void> };
    TemplatesService: new (options: object) => {
      novelLines(pipelineId: string): Promise<object>;
    };
  }>('logs/index.ts');
  const database = await TestDatabase.create();
  const { knex } = database;
  return {
    database,
    logs: rooms.LogsService.create({
      knex,
      live: { grown: () => {}, subscribe: () => () => {}, connected: true },
      config: { maxBytes: 1024 ** 3, maxStreams: 1 },
      lifecycle: { addShutdownHook: () => {} },
    }),
    searcher: new rooms.LogSearcher({ knex }),
    createRun: () => TestRun.create(knex),
    learn: () => new rooms.LearnTemplatesTask({ knex, logger: console }).run(),
    novelLines: () =>
      new rooms.TemplatesService({ knex }).novelLines(TEST_PIPELINE),
  };
}

/** A short log that succeeds and is learnt from, and the long one. @returns the id of its run */
async function writeLog(services: Services): Promise<string> {
  const learnt = await services.createRun();
  await append(services, learnt, LEARNT_LINES, 'succeeded');
  await services.learn();
  const long = await services.createRun();
  const startedAt = performance.now();
  await append(services, long, LINES, 'failed');
  const ms = performance.now() - startedAt;
  console.log(
    `\n${LINES.toLocaleString('en')} lines were stored in ${Math.round(
      ms,
    )} ms, ${Math.round(LINES / (ms / 1000)).toLocaleString('en')} lines/s`,
  );
  return long.id;
}

async function append(
  { logs }: Services,
  written: TestRun,
  count: number,
  state: 'succeeded' | 'failed',
): Promise<void> {
  for (let first = 0; first < count; first += BATCH_LINES) {
    const lines = Array.from({ length: BATCH_LINES }, (_, index) => ({
      stream: 'stdout',
      bytes: Buffer.from(textOf(first + index, state)),
    }));
    await logs.append(written.lease, { lines, position: first + BATCH_LINES });
  }
  await written.end(state);
}

const WORDS = 'row frame batch segment shard token upload result'.split(' ');

/** About 120 bytes. */
function textOf(line: number, state: 'succeeded' | 'failed'): string {
  const at = new Date(Date.UTC(2026, 0, 1) + line * 7).toISOString();
  const id = (Math.imul(line, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  const word = WORDS[line % WORDS.length];
  if (state === 'failed' && line % 100_000 === 77_777) {
    return `${at} ERROR [worker-3] the disk of shard ${id} has no room left, the write of part-${line} was given up\n`;
  }
  const level = line % 500 === 3 ? 'WARN ' : 'INFO ';
  return `${at} ${level} [worker-${line % 16}] wrote ${word} ${id} of part-${
    line % 5_000
  }.parquet in ${line % 977} ms, ${line} are done by now\n`;
}

async function measureReads({ logs }: Services, runId: string): Promise<void> {
  const page = { direction: 'backward', limit: PAGE_LINES };
  const opened = await timed(ROUNDS, () => logs.readRange(runId, page));
  const jumped = await timed(JUMPS, round =>
    logs.readRange(runId, {
      direction: 'forward',
      cursor: (round * 7_919_000) % LINES,
      limit: PAGE_LINES,
    }),
  );
  const { totalBytes } = await logs.readRange(runId, page);
  console.log(`\nReading it, ${Math.round(totalBytes / 1e6)} MB`);
  printRow(`its end, ${PAGE_LINES} lines`, opened);
  printRow(`anywhere, ${PAGE_LINES} lines`, jumped);
  const open = distributionOf(opened).p95;
  const jump = distributionOf(jumped).p95;
  printGoal(
    `opens at the end within ${OPEN_GOAL_MS} ms`,
    `${open.toFixed(1)} ms`,
    open <= OPEN_GOAL_MS,
  );
  printGoal(
    `jumps to any line within ${JUMP_GOAL_MS} ms`,
    `${jump.toFixed(1)} ms`,
    jump <= JUMP_GOAL_MS,
  );
}

async function measureFinds(services: Services, runId: string): Promise<void> {
  const { searcher } = services;
  const nothing = { texts: [], notTexts: [], notLevels: [], novel: false };
  const cpu = process.cpuUsage();
  let searches = 0;
  const rss = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - rss);
  }, 20);
  console.log('\nFinding in the whole of it, levels and marks counted as well');
  const find = async (name: string, terms: object, novel?: object) => {
    let answer: Found | undefined;
    const times = await timed(ROUNDS, async () => {
      searches += 1;
      answer = await searcher.search(
        runId,
        { terms: { ...nothing, ...terms }, from: 0, limit: 10_000, novel },
        new AbortController().signal,
      );
    });
    printRow(`${name}: ${answer!.found.toLocaleString('en')} lines`, times);
    return distributionOf(times).p95;
  };
  const slowest = Math.max(
    await find('a text that is rare', { texts: ['no room left'] }),
    await find('a text that is everywhere', { texts: ['WROTE'] }),
    await find('a text that is nowhere', { texts: ['absent'] }),
    await find('errors', { levels: ['error'] }),
    await find('levels alone', {}),
  );
  printGoal(
    `finds within ${FIND_GOAL_MS} ms`,
    `${slowest.toFixed(0)} ms`,
    slowest <= FIND_GOAL_MS,
  );
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000 / searches;
  console.log(`  ${cpuMs.toFixed(0)} ms of this process for each of them`);
  await find('novel lines', { novel: true }, await services.novelLines());
  clearInterval(watch);
  printGoal(
    `resident memory grows at most ${MEMORY_GOAL_MB} MB meanwhile`,
    `${(most / MB).toFixed(0)} MB`,
    most <= MEMORY_GOAL_MB * MB,
  );
}

async function timed(
  rounds: number,
  action: (round: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await action(round);
    times.push(performance.now() - startedAt);
  }
  return times;
}
