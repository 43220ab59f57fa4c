import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ListQueuedRunsResponseSchema,
  ListRunsResponseSchema,
  ListWorkersResponseSchema,
  PauseResponseSchema,
  queueControlPermission,
  QueueSchema,
  runControlPermission,
  RunDetailSchema,
  RunReceiptSchema,
  pipelineRunPermission,
  WorkerSchema,
  type QueuedRun,
} from '@millrace/backstage-plugin-pipelines-common';
import express from 'express';
import request from 'supertest';
import {
  createPipelineConditionalDecision,
  PipelineAccess,
  pipelineConditions,
  pipelineRules,
} from '../permissions';
import { AuthorizedRunsService, createRunsRouter, RunsService } from '../runs';
import { AuthorizedQueueService } from './AuthorizedQueueService';
import { DatabaseRunQueue } from './DatabaseRunQueue';
import { QueueService } from './QueueService';
import { createQueueRouter } from './routes';
import {
  claimOne,
  createTestDefinitions,
  TestDatabase,
  TEST_WORKER,
} from '../__testUtils__';

const OURS = 'group:default/ours';
const UNKNOWN = '019a0000-0000-7000-8000-000000000000';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('the routes of runs and queue', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  let app: express.Express;
  let ours: string;
  let theirs: string;
  const permissions = mockServices.permissions.mock();
  const auditorEvent = { success: jest.fn(), fail: jest.fn() };
  const auditor = mockServices.auditor.mock({
    createEvent: jest.fn(async () => auditorEvent),
  });

  beforeAll(async () => {
    database = await TestDatabase.create();
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'ours', owner: OURS },
      { id: 'theirs', owner: 'group:default/theirs' },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    queue = new DatabaseRunQueue({ knex: database.knex });
    const rules = Object.values(pipelineRules);
    const access = PipelineAccess.create({
      permissions,
      permissionsRegistry: mockServices.permissionsRegistry.mock({
        getPermissionRuleset: () => ({
          getRuleByName: (name: string) =>
            rules.find(rule => rule.name === name),
        }),
      } as never),
      definitions,
      runs,
    });
    const authorized = new AuthorizedRunsService({ runs, access });
    const options = { httpAuth: mockServices.httpAuth(), auditor };
    app = express()
      .use(createRunsRouter({ runs: authorized, ...options }))
      .use(
        createQueueRouter({
          queue: new AuthorizedQueueService({
            queue,
            service: new QueueService({ knex: database.knex, definitions }),
            definitions,
            runs: authorized,
            access,
          }),
          ...options,
        }),
      )
      .use(mockErrorHandler());
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    await database.knex('runs').delete();
    answer({});
    const submit = async (pipelineId: string) =>
      (
        await runs.submitRun({
          request: { pipelineId, parameters: { secret: pipelineId } },
          actor: 'user:default/other',
          trigger: 'manual',
        })
      ).id;
    ours = await submit('ours');
    theirs = await submit('theirs');
  });

  /** Everything is allowed but what is named; `own` is allowed for pipelines that we own. */
  function answer(decisions: Record<string, 'deny' | 'own'>): void {
    permissions.authorizeConditional.mockImplementation(async queries =>
      queries.map(({ permission }) => {
        switch (decisions[permission.name] ?? decisions['*']) {
          case 'deny':
            return { result: AuthorizeResult.DENY };
          case 'own':
            return createPipelineConditionalDecision(
              permission as typeof runControlPermission,
              { anyOf: [pipelineConditions.isOwner({ ownerRefs: [OURS] })] },
            );
          default:
            return { result: AuthorizeResult.ALLOW };
        }
      }),
    );
  }
  const post = (path: string, body: object = {}) =>
    request(app).post(path).send(body);
  const snapshot = async () =>
    JSON.stringify(await database.knex('runs').select().orderBy('id'));

  it('submits a run in the name of its caller, and the same again for the same key', async () => {
    const body = { pipelineId: 'ours', parameters: { a: 1 } };
    const first = await post('/runs', body).set('Idempotency-Key', 'k1');
    const again = await post('/runs/trigger', body).set(
      'Idempotency-Key',
      'k1',
    );
    const other = await post('/runs', { pipelineId: 'ours' }).set(
      'Idempotency-Key',
      'k1',
    );

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(RunReceiptSchema.parse(first.body)).toEqual(first.body);
    expect(again.body).toEqual(first.body);
    const run = await runs.getRun(first.body.id);
    expect(run).toMatchObject({
      submittedBy: 'user:default/mock',
      trigger: 'manual',
    });
    expect(auditorEvent.success).toHaveBeenCalledTimes(2);
    expect(auditorEvent.fail).toHaveBeenCalledTimes(1);
  });

  it('says that a service has submitted what a service submits', async () => {
    const { body } = await post('/runs', { pipelineId: 'ours' }).set(
      'Authorization',
      mockCredentials.service.header(),
    );

    expect(await runs.getRun(body.id)).toMatchObject({
      submittedBy: 'service:external:test-service',
      trigger: 'api',
    });
  });

  it.each<[string, object | string, number]>([
    ['no pipeline', {}, 400],
    ['an unknown field', { pipelineId: 'ours', state: 'succeeded' }, 400],
    ['an unknown pipeline', { pipelineId: 'nope' }, 404],
    [
      'parameters that are no object',
      { pipelineId: 'ours', parameters: [1] },
      400,
    ],
    ['what is not JSON', '{"pipelineId":', 400],
    ['NUL in a note', { pipelineId: 'ours', note: 'a\0' }, 400],
    [
      'a lone surrogate in a label',
      { pipelineId: 'ours', labels: { a: '\ud800' } },
      400,
    ],
    [
      'keys that reach a prototype',
      '{"pipelineId":"ours","parameters":{"__proto__":{"x":1}}}',
      400,
    ],
    [
      'the same deeper',
      '{"pipelineId":"ours","parameters":{"a":[{"constructor":1}]}}',
      400,
    ],
    [
      '2 MB of parameters',
      { pipelineId: 'ours', parameters: { a: 'x'.repeat(2_000_000) } },
      413,
    ],
    [
      '300 kB of parameters',
      { pipelineId: 'ours', parameters: { a: 'x'.repeat(300_000) } },
      400,
    ],
    [
      'deeply nested parameters',
      `{"pipelineId":"ours","parameters":{"a":${'['.repeat(90_000)}${']'.repeat(
        90_000,
      )}}}`,
      400,
    ],
    ['a time that is none', { pipelineId: 'ours', runAt: 'tomorrow' }, 400],
  ])(
    'answers a submit with %s by a clear error and changes nothing',
    async (_, body, status) => {
      const before = await snapshot();
      const response = await request(app)
        .post('/runs')
        .set('Content-Type', 'application/json')
        .send(typeof body === 'string' ? body : JSON.stringify(body));

      expect(response.status).toBe(status);
      expect(response.body.error.message).toBeTruthy();
      expect(await snapshot()).toBe(before);
    },
  );

  it.each([
    '/runs?limit=0',
    '/runs?limit=-1',
    '/runs?limit=1000000000',
    '/runs?cursor=garbage',
    '/runs?state=sleeping',
    '/runs?from=yesterday',
    '/runs?limit=1&limit=2',
  ])('answers GET %s with 400', async path => {
    expect((await request(app).get(path)).status).toBe(400);
  });

  it.each(['', '/attempts', '/steps', '/events', '/outputs'])(
    'knows GET /runs/{id}%s for a run, and 404 for what is none',
    async path => {
      const found = await request(app).get(`/runs/${ours}${path}`);
      const ids = [UNKNOWN, 'x', '..%2f..%2fetc', `${ours}0`];
      const others = await Promise.all(
        ids.map(id => request(app).get(`/runs/${id}${path}`)),
      );

      expect(found.status).toBe(200);
      expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    },
  );

  it('shows only the runs of pipelines that the caller may see', async () => {
    answer({ '*': 'own' });
    const list = await request(app).get('/runs');
    expect(ListRunsResponseSchema.parse(list.body)).toEqual(list.body);
    expect(list.body.items.map((run: { id: string }) => run.id)).toEqual([
      ours,
    ]);
    const asked = await request(app).get('/runs?pipeline=theirs');
    expect(asked.body).toEqual({ items: [] });

    const detail = await request(app).get(`/runs/${ours}`);
    expect(RunDetailSchema.parse(detail.body)).toEqual(detail.body);
    const hidden = await Promise.all([
      ...['', '/attempts', '/steps', '/events', '/outputs'].map(path =>
        request(app).get(`/runs/${theirs}${path}`),
      ),
      post(`/runs/${theirs}/cancel`),
      post('/runs', { pipelineId: 'theirs' }),
    ]);
    expect(new Set(hidden.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('answers 403 to a list without the permission, and 404 to a run', async () => {
    answer({ '*': 'deny' });
    const statuses = await Promise.all(
      ['/runs', '/workers', `/runs/${ours}`].map(
        async path => (await request(app).get(path)).status,
      ),
    );
    expect(statuses).toEqual([403, 403, 404]);
  });

  it('answers 403 to whoever may see but neither run nor cancel', async () => {
    answer({
      [pipelineRunPermission.name]: 'deny',
      [runControlPermission.name]: 'deny',
    });
    const before = await snapshot();
    const statuses = [
      (await post('/runs', { pipelineId: 'ours' })).status,
      (await post(`/runs/${ours}/cancel`)).status,
      (await request(app).delete(`/runs/${ours}`)).status,
    ];

    expect(statuses).toEqual([403, 403, 403]);
    expect(await snapshot()).toBe(before);
  });

  it('cancels by POST and by DELETE, twice as well as once', async () => {
    const first = await post(`/runs/${ours}/cancel`, { reason: 'wrong file' });
    const second = await request(app).delete(`/runs/${ours}`);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body).toEqual({ id: ours, state: 'cancelled' });
    expect(second.body).toEqual(first.body);
    expect((await runs.getRun(ours)).cancelRequest).toMatchObject({
      by: 'user:default/mock',
      reason: 'wrong file',
    });
  });

  it('answers 409 to a cancel of what has ended, and 400 to a bad one', async () => {
    const lease = await claimOne(queue, ['ours']);
    await queue.markRunning(lease, {});
    await queue.finish(lease, { end: { kind: 'exited', exitCode: 0 } });

    expect((await post(`/runs/${ours}/cancel`)).status).toBe(409);
    expect((await post(`/runs/${ours}/cancel`, { reason: 'a\0' })).status).toBe(
      400,
    );
    expect((await post(`/runs/${ours}/cancel`, { now: true })).status).toBe(
      400,
    );
    expect((await post('/runs/x/cancel')).status).toBe(404);
  });

  it('lists workers with only those of their runs that the caller may see', async () => {
    await queue.registerWorker({
      ...TEST_WORKER,
      pid: 1,
      slots: 4,
      version: '1.0.0',
    });
    await queue.claim({
      worker: TEST_WORKER,
      pipelineIds: ['ours', 'theirs'],
      limit: 4,
    });
    answer({ '*': 'own' });
    const { body } = await request(app).get('/workers');

    expect(ListWorkersResponseSchema.parse(body)).toEqual(body);
    expect(body.items).toEqual([
      expect.objectContaining({
        id: 'worker-a',
        state: 'active',
        slots: 4,
        busySlots: 2,
        runIds: [ours],
      }),
    ]);
  });

  describe('of the queue as a whole', () => {
    const ALL = [
      '/queue/pause',
      '/queue/resume',
      '/workers/worker-a/drain',
      '/workers/worker-a/undrain',
    ];
    const everything = async () =>
      JSON.stringify([
        await snapshot(),
        await database.knex('queue_pauses'),
        await database.knex('queue_events').count(),
        await database.knex('workers').pluck('drained_at'),
      ]);

    beforeEach(async () => {
      await database.knex('queue_pauses').delete();
      await database.knex('workers').delete();
      await queue.registerWorker({
        ...TEST_WORKER,
        pid: 1,
        slots: 4,
        version: '1.0.0',
      });
    });

    const claimIds = async () =>
      (
        await queue.claim({
          worker: TEST_WORKER,
          pipelineIds: ['ours', 'theirs'],
          limit: 4,
        })
      ).map(({ lease }) => lease.runId);

    it('pauses and resumes the queue, shows that, and tells the auditor', async () => {
      const until = '2999-01-01T00:00:00.000Z';
      const body = { reason: 'upgrade', until, scheduledRuns: 'drop' };
      const paused = await post('/queue/pause', body);
      expect(paused.status).toBe(200);
      expect(PauseResponseSchema.parse(paused.body)).toEqual(paused.body);
      expect(paused.body.paused).toMatchObject({
        ...body,
        by: 'user:default/mock',
      });
      const shown = await request(app).get('/queue');
      expect(QueueSchema.parse(shown.body)).toEqual(shown.body);
      expect(shown.body.paused).toEqual(paused.body.paused);
      expect(await claimIds()).toEqual([]);

      const resumed = await post('/queue/resume', { reason: 'done' });
      expect([resumed.status, resumed.body]).toEqual([200, {}]);
      expect(await claimIds()).toHaveLength(2);
      expect(auditor.createEvent).toHaveBeenCalledWith(
        expect.objectContaining({
          eventId: 'queue',
          meta: { actionType: 'pause' },
        }),
      );
      expect(auditorEvent.success).toHaveBeenCalledTimes(2);
    });

    it('pauses and resumes one pipeline', async () => {
      const { status } = await post('/pipelines/theirs/pause');
      expect(status).toBe(200);
      expect(await claimIds()).toEqual([ours]);
      expect((await post('/pipelines/theirs/resume')).body).toEqual({});
      expect(await claimIds()).toEqual([theirs]);
    });

    it('lists queued runs with place and reason', async () => {
      await post(`/runs/${theirs}/pause`, { reason: 'not yet' });
      const { body } = await request(app).get('/queue/runs?limit=10');
      expect(ListQueuedRunsResponseSchema.parse(body)).toEqual(body);
      expect(
        body.items.map((item: QueuedRun) => [
          item.run.id,
          item.position,
          item.waiting.reason,
        ]),
      ).toEqual([
        [ours, 1, 'slot'],
        [theirs, 2, 'held'],
      ]);
      const one = await request(app).get('/queue/runs?pipeline=theirs');
      expect(one.body.items).toHaveLength(1);
      expect(one.body.items[0].position).toBe(1);
    });

    it('holds and resumes a run', async () => {
      const held = await post(`/runs/${ours}/pause`, { reason: 'wait' });
      expect(held.body).toEqual({ id: ours, state: 'queued' });
      expect((await runs.getRun(ours)).pauseRequest).toMatchObject({
        by: 'user:default/mock',
        reason: 'wait',
      });
      expect((await post(`/runs/${ours}/resume`)).status).toBe(200);
      await post(`/runs/${ours}/cancel`);
      const late = await post(`/runs/${ours}/pause`);
      expect(late.status).toBe(409);
      expect(late.body.error.message).toMatch(
        /was cancelled by user:default\/mock at 20/,
      );
    });

    it('drains and undrains a worker', async () => {
      const drained = await request(app).post('/workers/worker-a/drain');
      expect(drained.status).toBe(200);
      expect(WorkerSchema.parse(drained.body)).toEqual(drained.body);
      expect(drained.body).toMatchObject({
        id: 'worker-a',
        state: 'draining',
        drained: { by: 'user:default/mock' },
      });
      expect(await claimIds()).toEqual([]);
      const undrained = await request(app).post('/workers/worker-a/undrain');
      expect(undrained.body.state).toBe('active');
    });

    it('clears only the queues that the caller may control', async () => {
      answer({ '*': 'own' });
      const counted = await post('/queue/clear', { dryRun: true });
      expect(counted.body).toEqual({ cancelled: 1, kept: 0 });
      const wrong = await post('/queue/clear', { expected: 2 });
      expect(wrong.status).toBe(409);
      const asked = await post('/queue/clear', { pipeline: ['theirs'] });
      expect(asked.body).toEqual({ cancelled: 0, kept: 0 });
      const cleared = await post('/queue/clear', { expected: 1 });
      expect(cleared.body).toEqual({ cancelled: 1, kept: 0 });
      expect((await runs.getRun(ours)).state).toBe('cancelled');
      expect((await runs.getRun(theirs)).state).toBe('queued');
    });

    it('shows and lets control only pipelines that the caller may', async () => {
      answer({ '*': 'own' });
      const shown = await request(app).get('/queue');
      expect(shown.body).toMatchObject({ queued: 1 });
      expect(shown.body.pipelines).toHaveLength(1);
      const before = await everything();
      for (const path of ALL) {
        const response = await post(path);
        expect([path, response.status]).toEqual([path, 403]);
        expect(response.body.error.message).toMatch(/concerns every pipeline/);
      }
      const hidden = await Promise.all(
        [
          '/pipelines/theirs/pause',
          '/pipelines/theirs/resume',
          `/runs/${theirs}/pause`,
          `/runs/${theirs}/resume`,
        ].map(path => post(path)),
      );
      expect(hidden.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      expect(await everything()).toBe(before);
      expect((await post('/pipelines/ours/pause')).status).toBe(200);
    });

    it('answers 403 to whoever may see but not control', async () => {
      answer({
        [queueControlPermission.name]: 'deny',
        [runControlPermission.name]: 'deny',
      });
      const before = await everything();
      for (const path of [
        ...ALL,
        '/queue/clear',
        '/pipelines/ours/pause',
        '/pipelines/ours/resume',
        `/runs/${ours}/pause`,
        `/runs/${ours}/resume`,
      ]) {
        expect([path, (await post(path)).status]).toEqual([path, 403]);
      }
      expect(await everything()).toBe(before);
    });

    it.each<[string, object | undefined, number]>([
      ['/queue/pause', { until: 'soon' }, 400],
      ['/queue/pause', { until: '2020-01-01T00:00:00Z' }, 400],
      ['/queue/pause', { scheduledRuns: 'maybe' }, 400],
      ['/queue/pause', { why: 'x' }, 400],
      ['/queue/pause', { reason: 'a\0' }, 400],
      ['/queue/resume', { reason: 'x'.repeat(2_001) }, 400],
      ['/queue/clear', { expected: -1 }, 400],
      ['/queue/clear', { expected: 99 }, 409],
      ['/queue/clear', { pipeline: [] }, 400],
      ['/pipelines/ours/pause', { until: '2020-01-01T00:00:00Z' }, 400],
      ['/pipelines/nope/pause', {}, 404],
      ['/pipelines/%00/resume', {}, 404],
      ['/workers/nobody/drain', {}, 404],
      ['/workers/%00/drain', {}, 404],
      ['/runs/x/pause', {}, 404],
      [`/runs/${UNKNOWN}/resume`, {}, 404],
    ])(
      'answers POST %s with %p by %i and changes nothing',
      async (path, body, status) => {
        const before = await everything();
        const response = await post(path, body);
        expect(response.status).toBe(status);
        expect(response.body.error.message).toBeTruthy();
        expect(await everything()).toBe(before);
      },
    );

    it.each(['limit=0', 'limit=201', 'cursor=garbage'])(
      'answers GET /queue/runs?%s with 400',
      async query => {
        const { status } = await request(app).get(`/queue/runs?${query}`);
        expect(status).toBe(400);
      },
    );

    it('answers 403 to reading the queue without the permission', async () => {
      answer({ '*': 'deny' });
      expect((await request(app).get('/queue')).status).toBe(403);
      expect((await request(app).get('/queue/runs')).status).toBe(403);
    });
  });
});
