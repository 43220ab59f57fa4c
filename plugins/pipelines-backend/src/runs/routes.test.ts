import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  MAX_PARAMETERS_BYTES,
  ParameterSetsResponseSchema,
  RunDetailSchema,
  RunReceiptSchema,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines';
const ALICE = 'user:default/alice';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the routes of actions on a run', () => {
  let plugin: TestPlugin;
  let decide: (permission: string) => PolicyDecision['result'];

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        ingest: {
          command: [process.execPath, '--version'],
          resumableSteps: true,
          parameters: {
            type: 'object',
            properties: {
              url: { type: 'string' },
              file: { type: 'string', format: 'data-url' },
            },
          },
        },
      },
      decide: (_: BackstageCredentials, permission) =>
        ({ result: decide(permission.name) } as PolicyDecision),
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(async () => {
    decide = () => AuthorizeResult.ALLOW;
    await plugin.database.knex('runs').delete();
  });

  const insert = (state: RunState, columns: object = {}) =>
    insertRun(plugin.database.knex, {
      pipeline_id: 'ingest',
      state,
      ...columns,
    });
  const send = (
    method: 'get' | 'post' | 'patch',
    path: string,
    body?: object,
    key?: string,
  ) => {
    const test = request(plugin.server)
      [method](`${API}${path}`)
      .set('Authorization', mockCredentials.user.header(ALICE));
    return (key ? test.set('Idempotency-Key', key) : test).send(body);
  };
  const everything = async () => {
    const { rows } = await plugin.database.knex.raw(
      `select (select json_agg(to_jsonb(r) - 'fingerprint' order by id) from runs r)::text as runs,
         (select count(*) from run_events) as events, (select count(*) from run_keys) as keys`,
    );
    return rows[0];
  };

  it('retries with 201, and answers the same key with the same run and 200', async () => {
    const old = await insert('failed', {
      parameters: { url: 'http://a' },
      steps: [['load', 'failed']],
    });
    const path = `/runs/${old}/retry`;
    const first = await send('post', path, { fromFailedStep: true }, 'k');
    const again = await send('post', path, { fromFailedStep: true }, 'k');
    const other = await send('post', path, {}, 'k');

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(RunReceiptSchema.parse(first.body)).toEqual(first.body);
    expect(again.body).toEqual(first.body);
    const { body } = await send('get', `/runs/${first.body.id}`);
    expect(RunDetailSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      retryOf: old,
      resumedFrom: 'load',
      submittedBy: ALICE,
      parameters: { url: 'http://a' },
      capabilities: { cancel: true },
    });
  });

  it('changes a run with 200, and the run as it is then', async () => {
    const id = await insert('queued');
    const { status, body } = await send('patch', `/runs/${id}`, {
      priority: 3,
      runAt: 'now',
      labels: { a: '1' },
      note: 'x',
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: { id, state: 'queued' },
    });
    const run = await send('get', `/runs/${id}`);
    expect(run.body).toMatchObject({
      priority: 3,
      labels: { a: '1' },
      note: 'x',
    });
  });

  it('says why a queued run has not started', async () => {
    const id = await insert('queued');
    const waitingOf = async () =>
      (await send('get', `/runs/${id}`)).body.waiting;
    expect(await waitingOf()).toMatchObject({ reason: 'no-worker' });
    const until = '2100-01-01T00:00:00.000Z';
    await send('patch', `/runs/${id}`, { runAt: until });
    expect(await waitingOf()).toMatchObject({ reason: 'start-time', until });
  });

  it.each<[string, 'post' | 'patch', string, object, number, RegExp]>([
    ['a retry of a queued run', 'post', '/retry', {}, 409, /is queued since/],
    [
      'a retry with an unknown field',
      'post',
      '/retry',
      { pipelineId: 'x' },
      400,
      /pipelineId/,
    ],
    [
      'a retry with parameters that are no object',
      'post',
      '/retry',
      { parameters: [1] },
      400,
      /parameters/,
    ],
    [
      'a retry with too many labels',
      'post',
      '/retry',
      {
        labels: Object.fromEntries(
          Array.from({ length: 21 }, (_, i) => [`l${i}`, 'x']),
        ),
      },
      400,
      /at most 20 labels/,
    ],
    ['no change', 'patch', '', {}, 400, /Say what to change/],
    [
      'a priority out of bounds',
      'patch',
      '',
      { priority: 101 },
      400,
      /priority/,
    ],
    ['a start that is no time', 'patch', '', { runAt: 'soon' }, 400, /runAt/],
    [
      'a front that is not true',
      'patch',
      '',
      { toFront: false },
      400,
      /toFront/,
    ],
    ['NUL in a note', 'patch', '', { note: 'a\0' }, 400, /note/],
    ['a state', 'patch', '', { state: 'succeeded' }, 400, /state/],
  ])(
    'refuses %s, and changes nothing',
    async (_, method, path, body, status, message) => {
      const id = await insert('queued');
      const before = await everything();
      const response = await send(method, `/runs/${id}${path}`, body);
      expect({
        status: response.status,
        message: response.body.error.message,
      }).toEqual({ status, message: expect.stringMatching(message) });
      expect(await everything()).toEqual(before);
    },
  );

  it('answers 409 to changes that come too late, and says what has happened', async () => {
    const id = await insert('succeeded');
    const answer = await send('patch', `/runs/${id}`, { priority: 1 });
    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toMatch(/ended as succeeded at \d{4}/);
  });

  it.each<[string, Record<string, number>, number[]]>([
    ['see nothing', { '*': 0 }, [404, 404, 404]],
    [
      'only see',
      { 'pipelines.run.control': 0, 'pipelines.pipeline.run': 0 },
      [403, 403, 200],
    ],
    ['control but not run', { 'pipelines.pipeline.run': 0 }, [403, 200, 200]],
    ['run but not control', { 'pipelines.run.control': 0 }, [403, 403, 200]],
  ])('answers those who may %s', async (_, denied, statuses) => {
    const id = await insert('failed');
    decide = permission =>
      (denied[permission] ?? denied['*']) === 0
        ? AuthorizeResult.DENY
        : AuthorizeResult.ALLOW;
    const answers = [
      await send('post', `/runs/${id}/retry`, {}),
      await send('patch', `/runs/${id}`, { note: 'x' }),
      await send('get', '/pipelines/ingest/parameter-sets'),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });

  it.each([uuid(), 'x', '..%2f..%2fetc'])('knows no run %s', async id => {
    const answers = [
      await send('post', `/runs/${id}/retry`, {}),
      await send('patch', `/runs/${id}`, { note: 'x' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('offers the last five different sets of parameters, each with its newest run', async () => {
    const ids: string[] = [];
    for (const url of ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'f']) {
      ids.push(
        await insert('succeeded', {
          parameters: { url },
          labels: { of: url },
          title: `Run of ${url}`,
        }),
      );
    }
    await insert('succeeded', {
      parameters: { url: 'elsewhere' },
      origin: 'reported',
    });
    const { status, body } = await send(
      'get',
      '/pipelines/ingest/parameter-sets',
    );
    expect(status).toBe(200);
    expect(ParameterSetsResponseSchema.parse(body)).toEqual(body);
    expect(
      body.items.map((item: { runId: string; title: string }) => [
        item.runId,
        item.title,
      ]),
    ).toEqual([
      [ids[7], 'Run of f'],
      [ids[5], 'Run of e'],
      [ids[4], 'Run of d'],
      [ids[3], 'Run of a'],
      [ids[2], 'Run of c'],
    ]);
    expect(body.items[0]).toMatchObject({
      parameters: { url: 'f' },
      labels: { of: 'f' },
      submittedBy: ALICE,
    });
    expect((await send('get', '/pipelines/nope/parameter-sets')).status).toBe(
      404,
    );
  });

  describe('with a file among the parameters', () => {
    const HEAD = 'data:text/plain;name=a.txt;base64,';
    /** A file with which the parameters have just so many bytes of JSON. */
    const fileOf = (bytes: number) => {
      const frame = JSON.stringify({ file: HEAD }).length;
      const length = bytes - frame;
      return { file: `${HEAD}${'A'.repeat(length)}` };
    };

    it('takes all that a run may have, at a submit and at a retry', async () => {
      const parameters = fileOf(MAX_PARAMETERS_BYTES);
      const submitted = await send('post', '/runs', {
        pipelineId: 'ingest',
        parameters,
      });
      const retried = await send(
        'post',
        `/runs/${await insert('failed')}/retry`,
        { parameters },
      );
      expect([submitted.status, retried.status]).toEqual([201, 201]);
      const { body } = await send('get', `/runs/${retried.body.id}`);
      expect(body.parameters).toEqual(parameters);
    });

    it.each([
      [
        'one byte more',
        fileOf(MAX_PARAMETERS_BYTES + 1),
        400,
        /262145 bytes.*at most 262144/,
      ],
      ['two megabytes', fileOf(2_000_000), 413, /too large/i],
      ['what is no file', { file: 'a.txt' }, 400, /'file' must match/],
    ])(
      'refuses %s, and changes nothing',
      async (_, parameters, status, message) => {
        const old = await insert('failed');
        const before = await everything();
        for (const test of [
          send('post', '/runs', { pipelineId: 'ingest', parameters }),
          send('post', `/runs/${old}/retry`, { parameters }),
        ]) {
          const answer = await test;
          expect(answer.status).toBe(status);
          expect(answer.body.error.message).toMatch(message);
        }
        expect(await everything()).toEqual(before);
      },
    );
  });
});
