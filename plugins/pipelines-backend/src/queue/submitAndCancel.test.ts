import { mockCredentials } from '@backstage/backend-test-utils';
import {
  ListRunsResponseSchema,
  pipelineRunPermission,
  runControlPermission,
  RunDetailSchema,
  RunReceiptSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { claimOne } from '../__testUtils__';
import { useQueueRoutes } from './__testUtils__/useQueueRoutes';

const UNKNOWN = '019a0000-0000-7000-8000-000000000000';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('the routes by which runs get into the queue, are seen and get out of it', () => {
  const routes = useQueueRoutes();
  const { answer, post, snapshot, auditorEvent } = routes;

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
    const run = await routes.runs.getRun(first.body.id);
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

    expect(await routes.runs.getRun(body.id)).toMatchObject({
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
      const response = await request(routes.app)
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
    expect((await request(routes.app).get(path)).status).toBe(400);
  });

  it.each(['', '/attempts', '/steps', '/events', '/outputs'])(
    'knows GET /runs/{id}%s for a run, and 404 for what is none',
    async path => {
      const found = await request(routes.app).get(
        `/runs/${routes.ours}${path}`,
      );
      const ids = [UNKNOWN, 'x', '..%2f..%2fetc', `${routes.ours}0`];
      const others = await Promise.all(
        ids.map(id => request(routes.app).get(`/runs/${id}${path}`)),
      );

      expect(found.status).toBe(200);
      expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    },
  );

  it('shows only the runs of pipelines that the caller may see', async () => {
    answer({ '*': 'own' });
    const list = await request(routes.app).get('/runs');
    expect(ListRunsResponseSchema.parse(list.body)).toEqual(list.body);
    expect(list.body.items.map((run: { id: string }) => run.id)).toEqual([
      routes.ours,
    ]);
    const asked = await request(routes.app).get('/runs?pipeline=theirs');
    expect(asked.body).toEqual({ items: [] });

    const detail = await request(routes.app).get(`/runs/${routes.ours}`);
    expect(RunDetailSchema.parse(detail.body)).toEqual(detail.body);
    const hidden = await Promise.all([
      ...['', '/attempts', '/steps', '/events', '/outputs'].map(path =>
        request(routes.app).get(`/runs/${routes.theirs}${path}`),
      ),
      post(`/runs/${routes.theirs}/cancel`),
      post('/runs', { pipelineId: 'theirs' }),
    ]);
    expect(new Set(hidden.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('answers 403 to a list without the permission, and 404 to a run', async () => {
    answer({ '*': 'deny' });
    const statuses = await Promise.all(
      ['/runs', '/workers', `/runs/${routes.ours}`].map(
        async path => (await request(routes.app).get(path)).status,
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
      (await post(`/runs/${routes.ours}/cancel`)).status,
      (await request(routes.app).delete(`/runs/${routes.ours}`)).status,
    ];

    expect(statuses).toEqual([403, 403, 403]);
    expect(await snapshot()).toBe(before);
  });

  it('cancels by POST and by DELETE, twice as well as once', async () => {
    const first = await post(`/runs/${routes.ours}/cancel`, {
      reason: 'wrong file',
    });
    const second = await request(routes.app).delete(`/runs/${routes.ours}`);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body).toEqual({ id: routes.ours, state: 'cancelled' });
    expect(second.body).toEqual(first.body);
    expect((await routes.runs.getRun(routes.ours)).cancelRequest).toMatchObject(
      {
        by: 'user:default/mock',
        reason: 'wrong file',
      },
    );
  });

  it('answers 409 to a cancel of what has ended, and 400 to a bad one', async () => {
    const lease = await claimOne(routes.queue, ['ours']);
    await routes.queue.markRunning(lease, {});
    await routes.queue.finish(lease, { end: { kind: 'exited', exitCode: 0 } });

    expect((await post(`/runs/${routes.ours}/cancel`)).status).toBe(409);
    expect(
      (await post(`/runs/${routes.ours}/cancel`, { reason: 'a\0' })).status,
    ).toBe(400);
    expect(
      (await post(`/runs/${routes.ours}/cancel`, { now: true })).status,
    ).toBe(400);
    expect((await post('/runs/x/cancel')).status).toBe(404);
  });
});
