import type { AuditorServiceEvent } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { MAX_CALLS_PER_MINUTE } from './webhooks/CallRate';

const MINUTE_MS = 60_000;
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const SECRET = newSecret();
const NEXT_SECRET = newSecret();
const BODY = {
  recording: { url: 'https://example.org/a.mp4', tags: ['x', 'y'] },
  rows: 3,
};

// Each test talks to a real backend and database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('POST /triggers/{id}', () => {
  let plugin: TestPlugin;
  const event = { success: jest.fn(), fail: jest.fn() };
  const createEvent = jest.fn(async () => event as AuditorServiceEvent);

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        ingest: {
          command: [process.execPath, '--version'],
          parameters: {
            type: 'object',
            required: ['url'],
            properties: {
              url: { type: 'string' },
              rows: { type: 'integer' },
              tag: { type: 'string' },
            },
          },
        },
      },
      pipelines: {
        webhooks: {
          recorded: {
            pipeline: 'ingest',
            secrets: [NEXT_SECRET, SECRET],
            parameters: {
              url: '${{ body.recording.url }}',
              rows: '${{ body.rows }}',
              tag: 'tag ${{ body.recording.tags.1 }}',
            },
          },
          busy: {
            pipeline: 'ingest',
            secret: SECRET,
            parameters: { url: 'https://example.org' },
          },
        },
      },
      features: [mockServices.auditor.mock({ createEvent }).factory],
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(() => jest.clearAllMocks());

  /** A call as a sender would make it, with whatever is wrong about it. */
  function call(
    options: {
      trigger?: string;
      secret?: string;
      id?: string;
      at?: number;
      /** What is signed. */
      signed?: string;
      /** What is sent; default what is signed. */
      sent?: string;
      headers?: Record<string, string>;
    } = {},
  ) {
    const {
      trigger = 'recorded',
      secret = SECRET,
      id = `msg_${randomUUID()}`,
      at = Date.now(),
      signed = JSON.stringify(BODY),
    } = options;
    return request(plugin.server)
      .post(`/api/pipelines/triggers/${trigger}`)
      .type('json')
      .set({
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1_000)),
        'webhook-signature': new Webhook(secret).sign(id, new Date(at), signed),
        ...options.headers,
      })
      .send(options.sent ?? signed);
  }
  const runs = () => plugin.database.knex('runs').orderBy('id');
  const countRuns = async () => (await runs()).length;

  it('starts a run with values of the body, in the name of the trigger, and says so to the auditor', async () => {
    const answer = await call();
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 201,
      body: { id: expect.any(String), state: 'queued' },
    });
    const run = (await runs()).find(({ id }) => id === answer.body.id);
    expect(run).toMatchObject({
      pipeline_id: 'ingest',
      trigger: 'webhook',
      submitted_by: 'webhook:recorded',
      parameters: {
        url: 'https://example.org/a.mp4',
        rows: 3,
        tag: 'tag y',
      },
    });
    const [submitted] = await plugin.database
      .knex('run_events')
      .where({ run_id: answer.body.id });
    expect(submitted).toMatchObject({
      name: 'submitted',
      actor: 'webhook:recorded',
    });
    expect(createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'run',
        meta: {
          actionType: 'submit',
          pipelineId: 'ingest',
          actor: 'webhook:recorded',
        },
      }),
    );
    expect(event.success).toHaveBeenCalledTimes(1);
  });

  it('takes either secret while one takes the place of the other', async () => {
    expect((await call({ secret: NEXT_SECRET })).status).toBe(201);
    expect((await call({ secret: SECRET })).status).toBe(201);
  });

  it('takes one good signature among several', async () => {
    const id = 'msg_rotated';
    const at = Date.now();
    const sign = (secret: string) =>
      new Webhook(secret).sign(id, new Date(at), JSON.stringify(BODY));
    const answer = await call({
      id,
      at,
      headers: {
        'webhook-signature': `v1a,AAAA ${sign(newSecret())} ${sign(SECRET)}`,
      },
    });
    expect(answer.status).toBe(201);
  });

  it('answers the same message with the same run, also when it is signed again', async () => {
    const before = await countRuns();
    const id = 'msg_again';
    const first = await call({ id });
    const replays = await Promise.all([
      call({ id }),
      call({ id, at: Date.now() - 2 * MINUTE_MS }),
      call({ id, secret: NEXT_SECRET }),
    ]);
    expect(first.status).toBe(201);
    expect(replays.map(({ status, body }) => [status, body.id])).toEqual(
      replays.map(() => [200, first.body.id]),
    );
    expect(await countRuns()).toBe(before + 1);
  });

  it('makes one run of twenty deliveries of a message at once', async () => {
    const before = await countRuns();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call({ id: 'msg_20' })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await countRuns()).toBe(before + 1);
  });

  it('refuses another message with an id that was used', async () => {
    await call({ id: 'msg_other' });
    const other = await call({
      id: 'msg_other',
      signed: JSON.stringify({ ...BODY, rows: 4 }),
    });
    expect(other.status).toBe(409);
  });

  it.each([4, -4])('takes a call that is %d minutes off', async minutes => {
    const answer = await call({ at: Date.now() + minutes * MINUTE_MS });
    expect(answer.status).toBe(201);
  });

  const signature = (headers: Record<string, string>) => ({ headers });
  it.each<[string, () => Parameters<typeof call>[0]]>([
    ['6 minutes old', () => ({ at: Date.now() - 6 * MINUTE_MS })],
    ['6 minutes ahead', () => ({ at: Date.now() + 6 * MINUTE_MS })],
    ['signed with another secret', () => ({ secret: newSecret() })],
    [
      'changed on the way',
      () => ({ sent: JSON.stringify({ ...BODY, rows: 4 }) }),
    ],
    [
      'the same JSON in another order',
      () => ({
        sent: JSON.stringify({ rows: BODY.rows, recording: BODY.recording }),
      }),
    ],
    ['sent under another id', () => signature({ 'webhook-id': 'msg_stolen' })],
    [
      'sent with another time',
      () =>
        signature({
          'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 60),
        }),
    ],
    ['without a signature', () => signature({ 'webhook-signature': '' })],
    [
      'with a signature of nothing',
      () => signature({ 'webhook-signature': 'v1,' }),
    ],
    [
      'with a signature without a value',
      () => signature({ 'webhook-signature': 'v1' }),
    ],
    ['without an id', () => signature({ 'webhook-id': '' })],
    [
      'with a time that is none',
      () => signature({ 'webhook-timestamp': '12x' }),
    ],
    ['for a trigger that there is not', () => ({ trigger: 'nope' })],
    [
      'for a trigger with an odd name',
      () => ({ trigger: encodeURIComponent("../' or 1=1\0") }),
    ],
  ])('refuses a call that is %s, and never says why', async (_, options) => {
    const before = await countRuns();
    const answer = await call(options());
    expect({
      status: answer.status,
      name: answer.body.error.name,
      message: answer.body.error.message,
    }).toEqual({
      status: 401,
      name: 'AuthenticationError',
      message:
        'There is no such trigger, or the call is not signed for it, or it is too old',
    });
    expect(await countRuns()).toBe(before);
    expect(createEvent).not.toHaveBeenCalled();
  });

  it('does not take somebody who is signed in but has signed nothing', async () => {
    const answer = await request(plugin.server)
      .post('/api/pipelines/triggers/recorded')
      .set('Authorization', mockCredentials.user.header())
      .send(BODY);
    expect(answer.status).toBe(401);
  });

  it('pays no heed to a token of somebody else', async () => {
    const answer = await call({
      headers: { Authorization: 'Bearer not-ours' },
    });
    expect(answer.status).toBe(201);
  });

  it('refuses a signed body that is no JSON object, or does not fit, and keeps the reason', async () => {
    const before = await countRuns();
    for (const [signed, reason] of [
      ['', /no JSON object/],
      ['[]', /no JSON object/],
      ['{"recording":', /no JSON object/],
      ['{"rows":"x"}', /'url' is missing.*'rows' must be integer/],
      ['{"recording":{"url":"a\\u0000b"}}', /NUL/],
      [
        '{"recording":{"url":{"__proto__":{"a":1}}}}',
        /__proto__|must be string/,
      ],
    ] as const) {
      const answer = await call({ signed });
      expect({
        status: answer.status,
        message: answer.body.error?.message,
      }).toEqual({ status: 400, message: expect.stringMatching(reason) });
    }
    expect(await countRuns()).toBe(before);
    expect(event.fail).toHaveBeenCalledTimes(6);
    const triggers = await request(plugin.server)
      .get('/api/pipelines/pipelines/ingest/triggers')
      .set('Authorization', mockCredentials.user.header());
    expect(triggers.body.refused).toContainEqual({
      trigger: 'webhook',
      source: 'webhook:recorded',
      message: expect.stringMatching(/'url' is missing/),
      at: expect.any(String),
    });
  });

  it('takes a body of 250 kB and refuses one of 300 kB', async () => {
    const ofSize = (bytes: number) =>
      JSON.stringify({ ...BODY, padding: 'x'.repeat(bytes) });
    expect((await call({ signed: ofSize(250_000) })).status).toBe(201);
    expect((await call({ signed: ofSize(300_000) })).status).toBe(413);
  });

  it('refuses bytes that are no text', async () => {
    const answer = await call({
      signed: '{"rows":1,"x":"\uFFFD"}',
      sent: Buffer.concat([
        Buffer.from('{"rows":1,"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]) as unknown as string,
    });
    expect(answer.status).toBe(401);
  });

  it('lets a sender not call more often than it may, and strangers not use that up', async () => {
    const before = await countRuns();
    const strangers = await Promise.all(
      Array.from({ length: 50 }, () =>
        call({ trigger: 'busy', secret: NEXT_SECRET }),
      ),
    );
    expect(strangers.every(({ status }) => status === 401)).toBe(true);
    const answers = [];
    for (let i = 0; i < MAX_CALLS_PER_MINUTE + 2; i++) {
      answers.push(await call({ trigger: 'busy', id: 'msg_busy' }));
    }
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.slice(0, MAX_CALLS_PER_MINUTE)).not.toContainEqual(
      expect.objectContaining({ status: 429 }),
    );
    expect(refused).toHaveLength(2);
    expect(Number(refused[0].headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused[0].headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused[0].body.error.message).toMatch(/called too often/);
    expect(await countRuns()).toBe(before + 1);
    expect((await call()).status).toBe(201);
  });
});
