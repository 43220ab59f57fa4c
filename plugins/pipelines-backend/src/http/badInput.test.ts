import { mockCredentials } from '@backstage/backend-test-utils';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines';
const URL_PARAMETERS = { url: 'https://example.org/meetings.json' };

describe('bad input', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        ingest: {
          command: [process.execPath, '--version'],
          parameters: {
            type: 'object',
            required: ['url'],
            properties: {
              url: { type: 'string', format: 'uri' },
              limit: { type: 'integer' },
            },
          },
        },
      },
    });
  }, 120_000);

  afterAll(() => plugin?.stop());

  const user = (test: request.Test) =>
    test.set('Authorization', mockCredentials.user.header());
  const get = (path: string) =>
    user(request(plugin.server).get(`${API}${path}`));
  const post = (path: string, body?: string | object) =>
    user(request(plugin.server).post(`${API}${path}`)).send(body);
  const submit = (body: object, key?: string) =>
    key ? post('/runs', body).set('Idempotency-Key', key) : post('/runs', body);

  /** Everything that a request could have changed. */
  async function everything() {
    const { rows } = await plugin.database.knex.raw(
      `select (select count(*) from runs) as runs, (select max(event_seq) from runs) as seq,
         (select count(*) from run_events) as events, (select count(*) from run_keys) as keys`,
    );
    return rows[0];
  }

  async function expectRefused(
    test: request.Test,
    status: number,
    message: RegExp,
  ) {
    const before = await everything();
    const response = await test;
    expect({
      status: response.status,
      message: response.body?.error?.message,
    }).toEqual({ status, message: expect.stringMatching(message) });
    expect(JSON.stringify(response.body)).not.toMatch(/at .*\.ts:\d+/);
    expect(await everything()).toEqual(before);
  }

  async function makeRun(state: 'succeeded' | 'queued') {
    const id = uuid();
    await plugin.database.knex('runs').insert({
      id,
      pipeline_id: 'ingest',
      trigger: 'manual',
      state,
      title: 'x',
      submitted_by: 'user:default/mock',
      finished_at: state === 'succeeded' ? plugin.database.knex.fn.now() : null,
    });
    return id;
  }

  it.each<[string, object, number, RegExp]>([
    ['an unknown pipeline', { pipelineId: 'nope' }, 404, /No pipeline 'nope'/],
    ['no pipeline', {}, 400, /pipelineId/],
    [
      'a missing parameter',
      { pipelineId: 'ingest' },
      400,
      /the parameter 'url' is missing/,
    ],
    [
      'a parameter that there is not',
      { pipelineId: 'ingest', parameters: { ...URL_PARAMETERS, extra: 1 } },
      400,
      /there is no parameter 'extra'/,
    ],
    [
      'a parameter of the wrong type',
      { pipelineId: 'ingest', parameters: { ...URL_PARAMETERS, limit: 'x' } },
      400,
      /'limit' must be integer/,
    ],
    [
      'a key that there is not',
      { pipelineId: 'ingest', parameters: URL_PARAMETERS, comand: ['sh'] },
      400,
      /comand/,
    ],
    [
      'NUL in a parameter',
      { pipelineId: 'ingest', parameters: { url: 'https://x/\u0000' } },
      400,
      /./,
    ],
    [
      'a lone surrogate in the note',
      { pipelineId: 'ingest', parameters: URL_PARAMETERS, note: 'a\ud800b' },
      400,
      /note/,
    ],
    [
      'a priority out of bounds',
      { pipelineId: 'ingest', parameters: URL_PARAMETERS, priority: 101 },
      400,
      /priority/,
    ],
    [
      'parameters of 300 kB',
      {
        pipelineId: 'ingest',
        parameters: { url: `https://x/${'y'.repeat(300_000)}` },
      },
      400,
      /at most 262144 are allowed/,
    ],
  ])('refuses a submit with %s', async (_, body, status, message) => {
    await expectRefused(submit(body), status, message);
  });

  it('refuses 2 MB of parameters before it reads them', async () => {
    await expectRefused(
      submit({
        pipelineId: 'ingest',
        parameters: { url: `https://x/${'y'.repeat(2_000_000)}` },
      }),
      413,
      /too large/i,
    );
  });

  it.each([
    '{"pipelineId":"ingest","parameters":{"__proto__":{"url":"https://x"}}}',
    '{"pipelineId":"ingest","parameters":{"url":"https://x","constructor":{"prototype":{"a":1}}}}',
    '{"__proto__":{"pipelineId":"ingest"},"pipelineId":"ingest","parameters":{"url":"https://x","prototype":1}}',
  ])('refuses keys that reach for a prototype: %s', async body => {
    await expectRefused(
      post('/runs', body).type('json'),
      400,
      /not allowed|Unrecognized/,
    );
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it.each([
    ['not JSON', '{"pipelineId":', 'json'],
    ['a JSON text', '"ingest"', 'json'],
    ['a JSON array', '[]', 'json'],
    ['a form', 'pipelineId=ingest', 'form'],
    ['nothing', '', 'json'],
  ])('refuses a submit that is %s', async (_, body, type) => {
    await expectRefused(post('/runs', body).type(type), 400, /./);
  });

  it.each([
    '/runs?limit=0',
    '/runs?limit=-1',
    '/runs?limit=1000000000',
    '/runs?limit=x',
    '/runs?cursor=garbage',
    `/runs?cursor=${Buffer.from('{"before":"x"}').toString('base64url')}`,
    `/runs?cursor=${'x'.repeat(600)}`,
    '/runs?state=exploded',
    '/runs?state=failed&state=lost',
    '/runs?from=yesterday',
    '/pipelines?cursor=garbage',
    '/pipelines?limit=201',
    '/stats?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z',
    '/stats?from=nonsense',
    '/stats/history?bucket=week',
    '/stats/history?bucket=hour&from=2020-01-01T00:00:00Z',
  ])('refuses %s', async path => {
    await expectRefused(get(path), 400, /./);
  });

  it('refuses bad ranges of a log and bad cursors of events', async () => {
    const id = await makeRun('succeeded');
    for (const path of [
      `/runs/${id}/logs?limit=0`,
      `/runs/${id}/logs?limit=5001`,
      `/runs/${id}/logs?cursor=-1`,
      `/runs/${id}/logs?direction=sideways`,
      `/runs/${id}/logs?attempt=0`,
      `/runs/${id}/events?cursor=garbage`,
      `/runs/${id}/stream?cursor=garbage`,
      `/runs/${id}/stream?cursor=-1.0.0`,
      `/runs/${id}/steps?attempt=x`,
    ]) {
      await expectRefused(get(path), 400, /./);
    }
  });

  const NOBODYS_RUN = uuid();
  it.each([
    `/runs/${NOBODYS_RUN}`,
    '/runs/not-a-uuid',
    "/runs/'%20or%201=1--",
    '/runs/%00',
    `/runs/${NOBODYS_RUN}/logs`,
    '/runs/not-a-uuid/logs',
    '/runs/not-a-uuid/logs/raw',
    '/runs/not-a-uuid/stream',
    '/runs/not-a-uuid/artifacts',
    '/runs/not-a-uuid/artifacts/x/content',
    `/runs/${NOBODYS_RUN}/events`,
    '/pipelines/nope',
    '/pipelines/..%2f..%2fetc',
  ])('knows nothing of %s', async path => {
    await expectRefused(get(path), 404, /./);
  });

  it.each([
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e%2fetc%2fpasswd',
    'x',
    '%00',
    uuid(),
  ])('finds no artifact behind the id %s', async artifactId => {
    const id = await makeRun('succeeded');
    await expectRefused(
      get(`/runs/${id}/artifacts/${artifactId}/content`),
      404,
      /./,
    );
  });

  it('refuses to cancel a run that has succeeded, naming its state', async () => {
    const id = await makeRun('succeeded');
    await expectRefused(post(`/runs/${id}/cancel`, {}), 409, /succeeded/);
    await expectRefused(
      user(request(plugin.server).delete(`${API}/runs/${id}`)),
      409,
      /succeeded/,
    );
  });

  it('refuses a cancel with a body that it does not know', async () => {
    const id = await makeRun('queued');
    await expectRefused(
      post(`/runs/${id}/cancel`, { force: 'yes' }),
      400,
      /force/,
    );
    await expectRefused(post(`/runs/${id}/cancel`, { now: true }), 400, /now/);
    await expectRefused(post(`/runs/${id}/cancel`, '{').type('json'), 400, /./);
  });

  it('answers the same key and body with the same run, and another body with 409', async () => {
    const body = { pipelineId: 'ingest', parameters: URL_PARAMETERS };
    const first = await submit(body, 'key-1');
    expect(first.status).toBe(201);
    const again = await submit(
      { parameters: URL_PARAMETERS, pipelineId: 'ingest' },
      'key-1',
    );
    expect({ status: again.status, id: again.body.id }).toEqual({
      status: 200,
      id: first.body.id,
    });
    await expectRefused(
      submit(
        { ...body, parameters: { url: 'https://other.example' } },
        'key-1',
      ),
      409,
      /key/i,
    );
    await expectRefused(submit(body, 'k'.repeat(201)), 400, /Idempotency-Key/);
  });

  it('makes one run of 50 equal submits at once', async () => {
    const before = await everything();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        submit(
          { pipelineId: 'ingest', parameters: URL_PARAMETERS },
          'key-50',
        ).then(({ status, body }) => ({ status, id: body.id })),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(Number((await everything()).runs)).toBe(Number(before.runs) + 1);
  });

  it('does not start when definitions are wrong, and names every problem', async () => {
    const start = startTestPlugin({
      definitions: {
        'No Good': { command: ['/bin/true'] },
        second: { engine: 'warp' },
        third: {},
      },
    });
    await expect(start).rejects.toThrow(/3 problems/);
    await expect(start).rejects.toThrow(/No Good: the id may have/);
    await expect(start).rejects.toThrow(/second: engine: there is no engine/);
    await expect(start).rejects.toThrow(/third: command/);
  });
});
