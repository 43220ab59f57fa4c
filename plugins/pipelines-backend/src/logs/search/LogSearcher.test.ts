import {
  LogSearchQuerySchema,
  LogSearchSchema,
  parseLogQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import { TestDatabase } from '../../__testUtils__';
import { rawLine, TestRun } from '../../__testUtils__/TestRun';
import { LogsService } from '../LogsService';
import { LogSearcher, type SearchWish } from './LogSearcher';

jest.setTimeout(60_000);

const NEVER = new AbortController().signal;

describe('LogSearcher', () => {
  let database: TestDatabase;
  let logs: LogsService;
  let run: TestRun;

  beforeAll(async () => {
    database = await TestDatabase.create();
    logs = LogsService.create({
      knex: database.knex,
      live: { grown: () => {}, subscribe: () => () => {}, connected: true },
      config: { maxBytes: 1024 ** 3, maxStreams: 1 },
      lifecycle: { addShutdownHook: () => {} },
    });
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    run = await TestRun.create(database.knex);
  });

  let position = 0;
  /** Each batch becomes at least one chunk. */
  const write = async (...batches: (string | [string, 'stderr'])[][]) => {
    for (const batch of batches) {
      const lines = batch.map(line =>
        typeof line === 'string' ? rawLine(line) : rawLine(...line),
      );
      position += 1;
      await logs.append(run.lease, { lines, position });
    }
  };

  const search = async (
    query: string,
    wish: Partial<SearchWish> = {},
    searcher = new LogSearcher({ knex: database.knex }),
  ) => {
    const parsed = parseLogQuery(query);
    if (!parsed.ok) {
      throw new Error(parsed.problem);
    }
    const { from, limit } = LogSearchQuerySchema.parse({});
    const answer = await searcher.search(
      run.id,
      { terms: parsed.terms, from, limit, ...wish },
      NEVER,
    );
    expect(LogSearchSchema.parse(answer)).toEqual(answer);
    return answer;
  };

  const linesOf = async (query: string, wish?: Partial<SearchWish>) =>
    (await search(query, wish)).lines;

  it('finds texts in every chunk, in upper and lower case, and counts levels', async () => {
    await write(
      ['INFO ready\n', 'ERROR Connection refused\n'],
      ['WARN connection slow\n', 'nothing\n'],
      ['DEBUG CONNECTION closed\n'],
    );
    expect(await search('connection')).toMatchObject({
      attempt: 1,
      from: 0,
      to: 5,
      totalLines: 5,
      found: 3,
      index: 0,
      lines: [1, 2, 4],
      levels: { error: 1, warn: 1, info: 1, debug: 1, none: 1 },
      markLines: 1,
      marks: [
        {},
        { error: 1, found: 1 },
        { warn: 2, found: 2 },
        {},
        { found: 4 },
      ],
    });
  });

  it.each([
    ['"connection refused"', [1]],
    ['connection -refused', [2, 4]],
    ['level:error,warn', [1, 2]],
    ['-level:debug connection', [1, 2]],
    ['stream:stderr', [3]],
    ['Größe', [3]],
    ['GRÖSSE', []],
    ['größe', [3]],
    ['stream:stderr level:error', []],
    ['absent', []],
    ['', []],
  ])('finds %s', async (query, lines) => {
    await write([
      'INFO ready\n',
      'ERROR Connection refused\n',
      'WARN connection slow\n',
      ['Die GRÖßE\n', 'stderr'],
      'DEBUG CONNECTION closed\n',
    ]);
    expect(await linesOf(query)).toEqual(lines);
  });

  it('looks at what is shown: not at colours, nor at what was written over', async () => {
    await write([
      '\u001b[31mERROR\u001b[0m disk full\n',
      'copied 10 %\rcopied 20 %\r\n',
      'windows\r\n',
      'no end',
    ]);
    expect(await linesOf('"ERROR disk"')).toEqual([0]);
    expect(await linesOf('"10 %"')).toEqual([]);
    expect(await linesOf('"20 %"')).toEqual([1]);
    expect(await linesOf('windows')).toEqual([2]);
    expect(await linesOf('"no end"')).toEqual([3]);
    expect((await search('')).levels).toMatchObject({ error: 1, none: 3 });
  });

  it('tells levels as they are told where lines are shown, by their colours too', async () => {
    await write([
      '12:00 \u001b[33mwarn\u001b[39m: disk\n',
      '12:00 warn disk\n',
      `${'ü '.repeat(90)}ERROR late\n`,
      `${'ü '.repeat(100)}ERROR too late\n`,
    ]);
    expect(await linesOf('level:warn')).toEqual([0]);
    expect(await linesOf('level:error')).toEqual([2]);
  });

  it('lists a window of what is found: from an index on, or around a line', async () => {
    await write(Array.from({ length: 50 }, (_, n) => `row ${n}\n`));
    expect(await search('row', { index: 10, limit: 3 })).toMatchObject({
      found: 50,
      index: 10,
      lines: [10, 11, 12],
    });
    expect(await search('row', { near: 30, limit: 4 })).toMatchObject({
      index: 28,
      lines: [28, 29, 30, 31],
    });
    expect(await search('row', { near: 49, limit: 4 })).toMatchObject({
      index: 46,
    });
    expect(await search('row', { near: 999, limit: 4 })).toMatchObject({
      index: 46,
    });
    expect(await search('row', { index: 999 })).toMatchObject({
      index: 50,
      lines: [],
    });
  });

  it('searches from a line on, and within the lines of a step', async () => {
    await write(['a 0\n', 'a 1\n'], ['a 2\n', 'a 3\n'], ['a 4\n']);
    expect(await search('a', { from: 3 })).toMatchObject({
      from: 3,
      to: 5,
      lines: [3, 4],
      levels: { none: 2 },
    });
    expect(await linesOf('a', { within: { from: 1, to: 3 } })).toEqual([1, 2]);
    expect(await search('a', { from: 99 })).toMatchObject({
      from: 5,
      to: 5,
      found: 0,
    });
  });

  it('asks for novel lines only those that everything else has let through', async () => {
    await write(['row 1\n', 'row 2\n', 'other\n']);
    const asked: string[] = [];
    const learnt = { runs: 2, sampledRuns: 0, templates: 7, full: false };
    const answer = await search('row is:novel', {
      novel: {
        isNovel: text => asked.push(text) > 1,
        learnt,
      },
    });
    expect(answer).toMatchObject({ lines: [1], learnt });
    expect(asked).toEqual(['row 1', 'row 2']);
  });

  it('says how far it came when its time is over, and goes on from there', async () => {
    await write(...Array.from({ length: 5 }, (_, n) => [`row ${n}\n`]));
    const hasty = new LogSearcher({ knex: database.knex, budgetMs: 0 });
    const first = await search('row', {}, hasty);
    expect(first).toMatchObject({ stopped: 'time', to: 1, lines: [0] });
    const rest = await search('row', { from: first.to });
    expect(rest).toMatchObject({ to: 5, lines: [1, 2, 3, 4] });
    expect(rest.stopped).toBeUndefined();
  });

  it('ends when its caller has gone', async () => {
    await write(['a\n']);
    const searcher = new LogSearcher({ knex: database.knex });
    const gone = AbortSignal.abort(new Error('gone'));
    const wish = {
      terms: { texts: ['a'], notTexts: [], notLevels: [], novel: false },
      from: 0,
      limit: 1,
    };
    await expect(searcher.search(run.id, wish, gone)).rejects.toThrow('gone');
    // Its place is free again
    await Promise.all(
      [1, 2, 3, 4].map(() => searcher.search(run.id, wish, NEVER)),
    );
  });

  it('refuses more searches at once than a process can bear', async () => {
    await write(['a\n']);
    const searcher = new LogSearcher({ knex: database.knex });
    const wish = {
      terms: { texts: ['a'], notTexts: [], notLevels: [], novel: false },
      from: 0,
      limit: 1,
    };
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() => searcher.search(run.id, wish, NEVER)),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(4).fill('fulfilled'),
      'rejected',
    ]);
    expect(results[4]).toMatchObject({
      reason: { name: 'ServiceUnavailableError' },
    });
  });

  it('says of a removed log that it was removed', async () => {
    await write(['a\n']);
    await database.knex('log_chunks').where({ run_id: run.id }).delete();
    await expect(search('a')).rejects.toThrow(/removed/);
  });

  it('finds nothing in a run without an attempt', async () => {
    await database.knex('run_attempts').where({ run_id: run.id }).delete();
    expect(await search('a')).toMatchObject({ attempt: 0, totalLines: 0 });
    await expect(search('a attempt:7')).rejects.toThrow(/no attempt 7/);
  });

  it('reads lines by number, wherever they are', async () => {
    await write(['a 0\n', 'a 1\n'], ['a 2\n', 'a 3\n'], ['a 4\n']);
    const searcher = new LogSearcher({ knex: database.knex });
    const { lines } = await searcher.readLines(run.id, {
      numbers: [4, 1, 99],
    });
    expect(lines).toMatchObject([
      { number: 1, text: 'a 1' },
      { number: 4, text: 'a 4' },
    ]);
  });
});
