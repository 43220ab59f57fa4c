import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  LogPageSchema,
  LogSearchSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { createHash, randomBytes } from 'node:crypto';
import request from 'supertest';
import { AttemptRecorder } from '../runs';
import { serveRouter, type ServedRouter } from '../__testUtils__/serveRouter';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { rawLine, TEST_PIPELINE, TestRun } from '../__testUtils__/TestRun';
import {
  AuthorizedLogSearch,
  AuthorizedLogsService,
  AuthorizedStreams,
  createLogsRouter,
  LogSearcher,
  LogsService,
  RunStreamHub,
  TemplatesService,
} from './index';

jest.setTimeout(60_000);

describe('GET /runs/{id}/logs and /raw', () => {
  const config = { maxBytes: 1024 ** 3, maxStreams: 1 };
  const live = { grown: () => {}, subscribe: () => () => {}, connected: true };
  const lifecycle = { addShutdownHook: () => {} };
  let database: TestDatabase;
  let served: ServedRouter;
  let logs: LogsService;
  let run: TestRun;

  beforeAll(async () => {
    database = await TestDatabase.create();
    const { knex } = database;
    logs = LogsService.create({ knex, live, config, lifecycle });
    served = await serveRouter({
      knex,
      definitions: await createTestDefinitions(knex, [{ id: TEST_PIPELINE }]),
      createRouter: ({ authorizedRuns, httpAuth, runs }) =>
        createLogsRouter({
          httpAuth,
          logs: new AuthorizedLogsService({ logs, runs: authorizedRuns }),
          search: new AuthorizedLogSearch({
            searcher: new LogSearcher({ knex }),
            runs: authorizedRuns,
            templates: new TemplatesService({ knex }),
          }),
          streams: new AuthorizedStreams({
            runs: authorizedRuns,
            hub: RunStreamHub.create({
              logger: mockServices.logger.mock(),
              ...{ knex, runs, live, config, lifecycle },
            }),
          }),
        }),
    });
  });

  afterAll(async () => {
    await served.stop();
    await database.drop();
  });

  beforeEach(async () => {
    served.decide(AuthorizeResult.ALLOW);
    run = await TestRun.create(database.knex);
  });

  const get = (path: string) =>
    request(served.server)
      .get(`/api/pipelines/runs/${run.id}/logs${path}`)
      .set('Authorization', mockCredentials.user.header());

  it('answers with lines as the client expects them', async () => {
    await logs.append(run.lease, {
      lines: [rawLine('a\r'), rawLine('\u2028<b>\n'), rawLine('c', 'stderr')],
      position: 1,
    });

    const res = await get('?limit=2');

    expect(res.status).toBe(200);
    expect(LogPageSchema.parse(res.body)).toEqual(res.body);
    expect(res.body.lines).toMatchObject([
      { number: 0, stream: 'stdout', text: 'a' },
      { number: 1, stream: 'stdout', text: '\u2028<b>', replaces: true },
    ]);
  });

  it.each([
    '?limit=0',
    '?limit=-1',
    '?limit=1000000000',
    '?cursor=-1',
    '?cursor=x',
    '?cursor=1e99',
    '?direction=up',
    '?attempt=0',
    '/raw?attempt=x',
    '/search?q=level:loud',
    '/search?q=%22open',
    '/search?level=loud',
    '/search?limit=10001',
    '/search?step=absent',
    '/lines',
    '/lines?numbers=x',
    `/lines?numbers=${Array(101).fill('1').join(',')}`,
  ])('refuses %s', async path => {
    expect((await get(path)).status).toBe(400);
  });

  it('takes numbers that no log reaches', async () => {
    expect((await get('?cursor=9007199254740991')).body.lines).toEqual([]);
    expect((await get('?attempt=999999999')).status).toBe(404);
    expect((await get('/raw?attempt=9007199254740991')).status).toBe(404);
  });

  it('finds lines, also those of a step', async () => {
    const recorder = new AttemptRecorder({
      knex: database.knex,
      lease: run.lease,
      actor: 'worker:test',
    });
    const write = (position: number, ...lines: string[]) =>
      logs.append(run.lease, { lines: lines.map(l => rawLine(l)), position });
    await write(1, 'ERROR a\n', 'b\n');
    await recorder.recordStep({ name: 'load', state: 'running' });
    await write(2, 'ERROR c\n', 'd\n');
    await recorder.recordStep({ name: 'load', state: 'succeeded' });
    await write(3, 'ERROR e\n');

    const all = await get('/search?level=error');
    const ofStep = await get('/search?q=level:error%20step:load');

    expect(LogSearchSchema.parse(all.body)).toEqual(all.body);
    expect(all.body).toMatchObject({ found: 3, lines: [0, 2, 4] });
    expect(ofStep.body).toMatchObject({
      lines: [2],
      levels: { error: 3, none: 2 },
    });
    expect((await get('/search?q=is:novel')).body).toMatchObject({
      found: 0,
      learnt: { runs: 0, templates: 0 },
    });
    expect((await get('/lines?numbers=4,0')).body).toMatchObject({
      lines: [{ text: 'ERROR a' }, { text: 'ERROR e' }],
    });
  });

  it('downloads the bytes exactly, as a file that nothing runs', async () => {
    const lines = Array.from({ length: 100 }, () =>
      rawLine(randomBytes(50_000)),
    );
    for (const [index, line] of lines.entries()) {
      await logs.append(run.lease, { lines: [line], position: index + 1 });
    }

    const res = await get('/raw')
      .buffer(true)
      .parse((stream, done) => {
        const hash = createHash('sha256');
        stream.on('data', part => hash.update(part));
        stream.on('end', () => done(null, hash.digest('hex')));
      });

    const expected = createHash('sha256');
    lines.forEach(({ bytes }) => expected.update(bytes));
    expect(res.body).toBe(expected.digest('hex'));
    expect(res.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${TEST_PIPELINE}-${run.id}-attempt-1.log"`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
  });

  it('says of a run that ended before its first attempt that nothing will come', async () => {
    await database.knex('run_attempts').where({ run_id: run.id }).delete();
    const queued = await get('');
    await run.end('failed');
    const ended = await get('');
    const raw = await get('/raw');

    expect(queued.body).toMatchObject({ attempt: 0, complete: false });
    expect(ended.body).toMatchObject({ attempt: 0, complete: true, lines: [] });
    expect(raw.text).toBe('');
  });

  it('shows logs only to those who may see the run', async () => {
    served.decide(AuthorizeResult.DENY);

    expect((await get('')).status).toBe(404);
    expect((await get('/raw')).status).toBe(404);
    expect((await get('/search?q=a')).status).toBe(404);
    expect((await get('/lines?numbers=0')).status).toBe(404);
    expect((await get('').set('Authorization', 'x')).status).toBe(401);
  });
});
