import {
  ListQueuedRunsResponseSchema,
  ListWorkersResponseSchema,
  PauseResponseSchema,
  queueControlPermission,
  QueueSchema,
  runControlPermission,
  WorkerSchema,
  type QueuedRun,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { TEST_WORKER } from '../__testUtils__';
import { useQueueRoutes } from './__testUtils__/useQueueRoutes';

const UNKNOWN = '019a0000-0000-7000-8000-000000000000';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('the routes of the queue', () => {
  const routes = useQueueRoutes();
  const { answer, post, snapshot, auditor, auditorEvent } = routes;

  const ALL = [
    '/queue/pause',
    '/queue/resume',
    '/workers/worker-a/drain',
    '/workers/worker-a/undrain',
  ];
  const everything = async () =>
    JSON.stringify([
      await snapshot(),
      await routes.database.knex('queue_pauses'),
      await routes.database.knex('queue_events').count(),
      await routes.database.knex('workers').pluck('drained_at'),
    ]);

  beforeEach(async () => {
    await routes.database.knex('queue_pauses').delete();
    await routes.database.knex('workers').delete();
    await routes.queue.registerWorker({
      ...TEST_WORKER,
      pid: 1,
      slots: 4,
      version: '1.0.0',
    });
  });

  const claimIds = async () =>
    (
      await routes.queue.claim({
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
    const shown = await request(routes.app).get('/queue');
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
    expect(await claimIds()).toEqual([routes.ours]);
    expect((await post('/pipelines/theirs/resume')).body).toEqual({});
    expect(await claimIds()).toEqual([routes.theirs]);
  });

  it('lists queued runs with place and reason', async () => {
    await post(`/runs/${routes.theirs}/pause`, { reason: 'not yet' });
    const { body } = await request(routes.app).get('/queue/runs?limit=10');
    expect(ListQueuedRunsResponseSchema.parse(body)).toEqual(body);
    expect(
      body.items.map((item: QueuedRun) => [
        item.run.id,
        item.position,
        item.waiting.reason,
      ]),
    ).toEqual([
      [routes.ours, 1, 'slot'],
      [routes.theirs, 2, 'held'],
    ]);
    const one = await request(routes.app).get('/queue/runs?pipeline=theirs');
    expect(one.body.items).toHaveLength(1);
    expect(one.body.items[0].position).toBe(1);
  });

  it('holds and resumes a run', async () => {
    const held = await post(`/runs/${routes.ours}/pause`, { reason: 'wait' });
    expect(held.body).toEqual({ id: routes.ours, state: 'queued' });
    expect((await routes.runs.getRun(routes.ours)).pauseRequest).toMatchObject({
      by: 'user:default/mock',
      reason: 'wait',
    });
    expect((await post(`/runs/${routes.ours}/resume`)).status).toBe(200);
    await post(`/runs/${routes.ours}/cancel`);
    const late = await post(`/runs/${routes.ours}/pause`);
    expect(late.status).toBe(409);
    expect(late.body.error.message).toMatch(
      /was cancelled by user:default\/mock at 20/,
    );
  });

  it('drains and undrains a worker', async () => {
    const drained = await request(routes.app).post('/workers/worker-a/drain');
    expect(drained.status).toBe(200);
    expect(WorkerSchema.parse(drained.body)).toEqual(drained.body);
    expect(drained.body).toMatchObject({
      id: 'worker-a',
      state: 'draining',
      drained: { by: 'user:default/mock' },
    });
    expect(await claimIds()).toEqual([]);
    const undrained = await request(routes.app).post(
      '/workers/worker-a/undrain',
    );
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
    expect((await routes.runs.getRun(routes.ours)).state).toBe('cancelled');
    expect((await routes.runs.getRun(routes.theirs)).state).toBe('queued');
  });

  it('shows and lets control only pipelines that the caller may', async () => {
    answer({ '*': 'own' });
    const shown = await request(routes.app).get('/queue');
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
        `/runs/${routes.theirs}/pause`,
        `/runs/${routes.theirs}/resume`,
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
      `/runs/${routes.ours}/pause`,
      `/runs/${routes.ours}/resume`,
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
      const { status } = await request(routes.app).get(`/queue/runs?${query}`);
      expect(status).toBe(400);
    },
  );

  it('answers 403 to reading the queue without the permission', async () => {
    answer({ '*': 'deny' });
    expect((await request(routes.app).get('/queue')).status).toBe(403);
    expect((await request(routes.app).get('/queue/runs')).status).toBe(403);
  });

  it('lists workers with only those of their runs that the caller may see', async () => {
    await routes.queue.registerWorker({
      ...TEST_WORKER,
      pid: 1,
      slots: 4,
      version: '1.0.0',
    });
    await routes.queue.claim({
      worker: TEST_WORKER,
      pipelineIds: ['ours', 'theirs'],
      limit: 4,
    });
    answer({ '*': 'own' });
    const { body } = await request(routes.app).get('/workers');

    expect(ListWorkersResponseSchema.parse(body)).toEqual(body);
    expect(body.items).toEqual([
      expect.objectContaining({
        id: 'worker-a',
        state: 'active',
        slots: 4,
        busySlots: 2,
        runIds: [routes.ours],
      }),
    ]);
  });
});
