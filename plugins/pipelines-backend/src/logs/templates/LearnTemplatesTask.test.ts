import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '../../__testUtils__';
import { rawLine, TEST_PIPELINE, TestRun } from '../../__testUtils__/TestRun';
import { LogsService } from '../LogsService';
import { LearnTemplatesTask } from './LearnTemplatesTask';
import { TemplatesService } from './TemplatesService';

jest.setTimeout(60_000);

describe('LearnTemplatesTask', () => {
  let database: TestDatabase;
  let logs: LogsService;
  let task: LearnTemplatesTask;
  let templates: TemplatesService;

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
    await database.knex('runs').delete();
    await database.knex('line_template_models').delete();
    const { knex } = database;
    task = new LearnTemplatesTask({ knex, logger: mockServices.logger.mock() });
    templates = new TemplatesService({ knex });
  });

  async function ended(
    state: 'succeeded' | 'failed',
    ...lines: string[]
  ): Promise<TestRun> {
    const run = await TestRun.create(database.knex);
    await logs.append(run.lease, {
      lines: lines.map(line => rawLine(`${line}\n`)),
      position: 1,
    });
    await run.end(state);
    return run;
  }

  const novel = async (...lines: string[]) => {
    const { isNovel } = await templates.novelLines(TEST_PIPELINE);
    return lines.filter(isNovel);
  };
  const learnt = async () => (await templates.novelLines(TEST_PIPELINE)).learnt;
  const notes = async () => database.knex('runs_to_learn').select();

  it('learns from runs that succeeded, and from no others', async () => {
    await ended('succeeded', 'INFO start', 'read 7 rows');
    await ended('failed', 'INFO start', 'disk is full');
    expect(await novel('disk is full')).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 0, templates: 0 });

    await task.run();

    expect(await learnt()).toMatchObject({
      runs: 1,
      sampledRuns: 0,
      templates: 2,
      full: false,
      learntAt: expect.any(String),
    });
    expect(await novel('INFO start', 'read 99 rows', 'disk is full')).toEqual([
      'disk is full',
    ]);
    expect(await notes()).toEqual([]);
  });

  it('adds what later runs teach, and what differs between runs', async () => {
    await ended('succeeded', 'loaded a.conf');
    await task.run();
    expect(await novel('loaded b.conf', 'bye')).toHaveLength(2);
    await ended('succeeded', 'loaded c.conf', 'bye');
    await task.run();
    expect(await novel('loaded b.conf', 'bye')).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 2, templates: 2 });
  });

  it('counts a run once, however many processes learn from it', async () => {
    await ended('succeeded', 'one');
    const others = [1, 2, 3].map(
      () =>
        new LearnTemplatesTask({
          knex: database.knex,
          logger: mockServices.logger.mock(),
        }),
    );
    await Promise.all([task, ...others].map(each => each.run()));
    expect(await learnt()).toMatchObject({ runs: 1, templates: 1 });
  });

  it('reads pieces of a long log, from its start to its end, and says so', async () => {
    const run = await TestRun.create(database.knex);
    for (let part = 1; part <= 40; part += 1) {
      await logs.append(run.lease, {
        lines: [rawLine(`part ${'x'.repeat(part)} ends\n`.repeat(1))],
        position: part,
      });
    }
    await run.end('succeeded');
    await new LearnTemplatesTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      maxBytes: 16,
    }).run();
    const { sampledRuns, templates: count } = await learnt();
    expect(sampledRuns).toBe(1);
    expect(count).toBeLessThanOrEqual(16);
    expect(await novel('part x ends')).toEqual([]);
  });

  it('learns from a run now and then when it knows enough, and forgets the other notes', async () => {
    await ended('succeeded', 'one');
    await task.run();
    await database.knex('line_template_models').update({ runs: 20 });
    await ended('succeeded', 'two');
    await ended('succeeded', 'three');
    await task.run();
    expect(await notes()).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 20, templates: 1 });

    await database
      .knex('line_template_models')
      .update({ learnt_at: '2026-01-01T00:00:00Z' });
    await ended('succeeded', 'four');
    await ended('succeeded', 'five');
    await task.run();
    expect(await notes()).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 21, templates: 2 });
    expect(await novel('four', 'five')).toEqual(['four']);
  });

  it('learns a line that the database takes only in part', async () => {
    await ended('succeeded', 'read\0 it', 'bye');
    await task.run();
    expect(await notes()).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 1, templates: 2 });
    expect(await novel('read\0 it', 'read it')).toEqual(['read it']);
  });

  it('leaves out a run that cannot be learnt from', async () => {
    await database.knex.raw(
      `alter table line_templates add constraint refused check (template <> 'refused')`,
    );
    try {
      await ended('succeeded', 'refused');
      await task.run();
    } finally {
      await database.knex.raw(
        'alter table line_templates drop constraint refused',
      );
    }
    expect(await notes()).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 0, templates: 0 });
  });

  it('ends in the middle of a log when it is stopped, and leaves the run to others', async () => {
    await ended('succeeded', 'one');
    let stopped: Promise<void> | undefined;
    const stop = ({ sql }: { sql: string }) => {
      if (sql.includes('log_chunks')) {
        stopped ??= task.stop();
      }
    };
    database.knex.on('query', stop);
    await task.run();
    database.knex.off('query', stop);
    await stopped;
    expect(stopped).toBeDefined();
    expect(await notes()).toHaveLength(1);
    expect(await learnt()).toMatchObject({ runs: 0 });
  });

  it('takes the note of a run without a log away', async () => {
    await ended('succeeded');
    await task.run();
    expect(await notes()).toEqual([]);
    expect(await learnt()).toMatchObject({ runs: 0 });
  });
});
