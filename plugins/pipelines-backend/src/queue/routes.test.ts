import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ListRunsResponseSchema,
  ListWorkersResponseSchema,
  runControlPermission,
  RunDetailSchema,
  RunReceiptSchema,
  pipelineRunPermission,
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
});
