import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  BulkPreviewSchema,
  BulkSchema,
  ListBulkItemsResponseSchema,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { waitFor } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines';
const ADMIN = 'user:default/admin';
const ALICE = 'user:default/alice';
const BOB = 'user:default/bob';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the routes of bulk actions', () => {
  let plugin: TestPlugin;
  /** Rules that hold for whoever is not the admin. */
  let rules: (permission: string, user: string) => PolicyDecision;

  const condition = (rule: string, params: object): PolicyDecision => ({
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'pipelines',
    resourceType: 'pipeline',
    conditions: { rule, resourceType: 'pipeline', params: params as never },
  });
  const OURS = condition('IS_OWNER', { ownerRefs: ['group:default/ours'] });
  const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

  beforeAll(async () => {
    plugin = await startTestPlugin({
      worker: { slots: 2 },
      definitions: {
        ours: {
          command: [process.execPath, '--version'],
          owner: 'group:default/ours',
        },
        theirs: {
          command: [process.execPath, '--version'],
          owner: 'group:default/theirs',
        },
      },
      decide: (credentials: BackstageCredentials, permission) => {
        const { userEntityRef } = credentials.principal as {
          userEntityRef: string;
        };
        return userEntityRef === ADMIN
          ? { result: AuthorizeResult.ALLOW }
          : rules(permission.name, userEntityRef);
      },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(async () => {
    rules = () => OURS;
    await plugin.database.knex('runs').delete();
  });

  /** In the future, so that the worker leaves it alone. */
  const insert = (pipeline_id: string, state: RunState, columns: object = {}) =>
    insertRun(plugin.database.knex, {
      pipeline_id,
      state,
      run_at: new Date('2100-01-01'),
      ...columns,
    });
  const as = (user: string, test: request.Test) =>
    test.set('Authorization', mockCredentials.user.header(user));
  const get = (path: string, user = ALICE) =>
    as(user, request(plugin.server).get(`${API}${path}`));
  const post = (path: string, body: object, user = ALICE) =>
    as(user, request(plugin.server).post(`${API}${path}`)).send(body);
  const bulk = (body: object, user = ALICE) => post('/runs/bulk', body, user);
  const preview = (body: object, user = ALICE) =>
    bulk({ ...body, dryRun: true }, user);
  const everything = async () => {
    const { rows } = await plugin.database.knex.raw(
      `select (select json_agg(to_jsonb(r) - 'fingerprint' order by id) from runs r)::text as runs,
         (select count(*) from bulk_items) as items, (select count(*) from run_events) as events`,
    );
    return rows[0];
  };
  const ended = (bulkId: string) =>
    waitFor(
      'the bulk action to end',
      async () => {
        const { body } = await get(`/runs/bulk/${bulkId}`, ADMIN);
        return body.finishedAt && body;
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );

  it('says what it would do, with examples and reasons, and does nothing', async () => {
    for (let i = 0; i < 7; i++) {
      await insert('ours', 'queued');
    }
    await insert('ours', 'failed');
    await insert('theirs', 'queued');
    const before = await everything();
    const { status, body } = await preview({ action: 'cancel', filter: {} });

    expect(status).toBe(200);
    expect(BulkPreviewSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      action: 'cancel',
      matches: 8,
      count: 7,
      skipped: [{ reason: 'already ended', count: 1 }],
    });
    expect(body.examples).toHaveLength(5);
    expect(await everything()).toEqual(before);
  });

  it('is carried out by a worker, with a log, an output and what became of each run', async () => {
    const queued = await insert('ours', 'queued');
    const theirs = await insert('theirs', 'queued');
    const { status, body } = await bulk({
      action: 'cancel',
      filter: { state: ['queued'] },
      expected: 1,
      reason: 'wrong file',
    });
    expect(status).toBe(201);
    expect(BulkSchema.parse(body)).toEqual(body);

    expect(await ended(body.id)).toMatchObject({
      state: 'succeeded',
      submittedBy: ALICE,
      counts: { pending: 0, done: 1, skipped: 0, failed: 0 },
    });
    const items = await get(`/runs/bulk/${body.id}/items`);
    expect(ListBulkItemsResponseSchema.parse(items.body)).toEqual(items.body);
    expect(items.body.items).toEqual([
      { runId: queued, title: 'ours', state: 'done' },
    ]);
    const [run, untouched, log, outputs] = await Promise.all([
      get(`/runs/${queued}`),
      get(`/runs/${theirs}`, ADMIN),
      get(`/runs/${body.id}/logs/raw`),
      get(`/runs/${body.id}/outputs`),
    ]);
    expect(run.body).toMatchObject({
      state: 'cancelled',
      cancelRequest: { by: ALICE, reason: 'wrong file' },
    });
    expect(untouched.body.state).toBe('queued');
    expect(log.text).toBe(`cancel done: ours (${queued})\n`);
    expect(outputs.body.items).toMatchObject([
      { name: 'bulk', json: { total: 1, done: 1 } },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['neither runs nor a filter', { action: 'cancel' }, /runIds or filter/],
    [
      'both runs and a filter',
      { action: 'cancel', filter: {}, runIds: [uuid()] },
      /runIds or filter/,
    ],
    ['an unknown action', { action: 'delete', filter: {} }, /action/],
    ['a priority without one', { action: 'priority', filter: {} }, /priority/],
    ['labels without any', { action: 'label', filter: {} }, /labels/],
    ['no id of a run', { action: 'cancel', runIds: ['x'] }, /runIds/],
    [
      'more than a thousand ids',
      { action: 'cancel', runIds: Array.from({ length: 1_001 }, () => uuid()) },
      /runIds/,
    ],
    [
      'a filter that there is not',
      { action: 'cancel', filter: { colour: 'red' } },
      /colour/,
    ],
    [
      'NUL in the reason',
      { action: 'cancel', filter: {}, reason: 'a\0' },
      /reason/,
    ],
    [
      'runs that cannot be',
      { action: 'retry', filter: {} },
      /None of these runs can be retried: not over yet/,
    ],
    [
      'runs that are not there',
      { action: 'retry', runIds: [uuid()] },
      /no such run/,
    ],
  ])('refuses %s, and changes nothing', async (_, body, message) => {
    await insert('ours', 'queued');
    const before = await everything();
    const response = await bulk(body);
    expect({
      status: response.status,
      message: response.body.error.message,
    }).toEqual({ status: 400, message: expect.stringMatching(message) });
    expect(await everything()).toEqual(before);
  });

  it('answers 409 with both numbers when the runs have changed since the preview', async () => {
    await insert('ours', 'queued');
    const { body } = await preview({ action: 'cancel', filter: {} });
    await insert('ours', 'queued');
    const before = await everything();
    const answer = await bulk({
      action: 'cancel',
      filter: {},
      expected: body.count,
    });
    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toMatch(/shown 1 .* there are 2/);
    expect(await everything()).toEqual(before);
  });

  it('lets nobody act on what they may only see, or not see at all', async () => {
    const [ours, theirs] = [
      await insert('ours', 'queued'),
      await insert('theirs', 'queued'),
    ];
    rules = permission =>
      permission === 'pipelines.run.read'
        ? { result: AuthorizeResult.ALLOW }
        : OURS;
    expect(
      (await preview({ action: 'cancel', runIds: [ours, theirs] })).body,
    ).toMatchObject({
      matches: 2,
      count: 1,
      skipped: [{ reason: 'not allowed', count: 1 }],
    });

    rules = permission =>
      permission === 'pipelines.run.control' ? DENY : OURS;
    for (const dryRun of [true, false]) {
      const answer = await bulk({ action: 'cancel', filter: {}, dryRun });
      expect(answer.status).toBe(403);
    }
  });

  it('lets people act on the runs that they have submitted themselves, where the policy says so', async () => {
    const mine = await insert('ours', 'queued', { submitted_by: BOB });
    await insert('ours', 'queued');
    rules = (permission, user) =>
      permission === 'pipelines.run.control'
        ? condition('IS_SUBMITTER', { userRefs: [user] })
        : OURS;
    const { body } = await preview({ action: 'cancel', filter: {} }, BOB);
    expect(body).toMatchObject({
      matches: 2,
      count: 1,
      examples: [{ id: mine }],
    });
  });

  it('needs the right to run a pipeline for a retry, and only for that', async () => {
    await insert('ours', 'failed');
    rules = permission =>
      permission === 'pipelines.pipeline.run' ? DENY : OURS;
    const retry = await preview({ action: 'retry', filter: {} });
    expect(retry.body.skipped).toEqual([
      { reason: 'not allowed to run its pipeline', count: 1 },
    ]);
    const label = await preview({
      action: 'label',
      labels: { a: '1' },
      filter: {},
    });
    expect(label.body.count).toBe(1);
  });

  it('is seen and stopped by its submitter, and by whoever may see all of its runs', async () => {
    await insert('ours', 'failed');
    const both = await insert('theirs', 'failed');
    const mine = await bulk({
      action: 'label',
      labels: { a: '1' },
      filter: {},
    });
    const admins = await bulk(
      { action: 'label', labels: { b: '1' }, filter: {} },
      ADMIN,
    );
    const status = async (path: string, user: string) =>
      (await get(path, user)).status;

    for (const path of ['', '/items']) {
      const place = (id: string) => `/runs/bulk/${id}${path}`;
      expect(await status(place(mine.body.id), ALICE)).toBe(200);
      expect(await status(place(mine.body.id), BOB)).toBe(200);
      expect(await status(place(admins.body.id), ALICE)).toBe(404);
      expect(await status(place(admins.body.id), ADMIN)).toBe(200);
      expect(await status(place(both), ADMIN)).toBe(404);
      expect(await status(place('x'), ADMIN)).toBe(404);
    }
    expect(await status(`/runs/${mine.body.id}`, ALICE)).toBe(200);
    expect(await status(`/runs/${mine.body.id}`, BOB)).toBe(404);
    const stop = (user: string) =>
      post(`/runs/${mine.body.id}/cancel`, {}, user);
    expect((await stop(BOB)).status).toBe(404);
    // Too late is as good as in time: it is allowed
    expect([200, 409]).toContain((await stop(ALICE)).status);
    rules = () => DENY;
    expect(await status(`/runs/bulk/${mine.body.id}`, ALICE)).toBe(404);
  });

  it('is gone on with by the next attempt when its worker is lost, and does nothing twice', async () => {
    const { knex } = plugin.database;
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) {
      ids.push(await insert('ours', 'failed'));
    }
    const stuck = await knex.transaction();
    await stuck('runs').where({ id: ids[7] }).forUpdate().first('id');
    const { body } = await bulk({
      action: 'label',
      labels: { a: '1' },
      filter: {},
    });
    const counts = async () => (await get(`/runs/bulk/${body.id}`)).body.counts;
    await waitFor('all but one', async () => (await counts()).done === 19);

    // As when the process is gone: somebody else has the lease, and lets it end
    const lease_token = uuid();
    await knex.transaction(async trx => {
      await trx('runs')
        .where({ id: body.id })
        .update({
          lease_token,
          lease_expires_at: trx.raw(`now() - interval '1 minute'`),
        });
      await trx('run_attempts')
        .where({ run_id: body.id })
        .update({ lease_token });
    });
    const attempt = () =>
      knex('runs').where({ id: body.id, attempt: 2 }).first('id');
    await waitFor('the next attempt', attempt, { timeoutMs: 30_000 });
    await stuck.rollback();

    expect(await ended(body.id)).toMatchObject({
      state: 'succeeded',
      counts: { pending: 0, done: 20 },
    });
    const changes = await knex('run_events')
      .where({ name: 'labels-changed' })
      .whereIn('run_id', ids)
      .pluck('run_id');
    expect(changes.sort()).toEqual(ids.sort());
  });

  it('is nothing that anybody runs, retries or lists as a pipeline', async () => {
    await insert('ours', 'failed');
    const { body } = await bulk(
      { action: 'label', labels: { a: '1' }, filter: {} },
      ADMIN,
    );
    await ended(body.id);
    const before = await everything();
    const byHand = await post('/runs', { pipelineId: 'bulk-actions' }, ADMIN);
    const again = await post(`/runs/${body.id}/retry`, {}, ADMIN);
    expect([byHand.status, again.status]).toEqual([403, 409]);
    const pipelines = await get('/pipelines', ADMIN);
    expect(pipelines.body.items.map(({ id }: { id: string }) => id)).toEqual([
      'ours',
      'theirs',
    ]);
    for (const path of ['', '/parameter-sets']) {
      const answer = await get(`/pipelines/bulk-actions${path}`, ADMIN);
      expect(answer.status).toBe(404);
    }
    expect(await everything()).toEqual(before);
  });

  it('does not share its id with a pipeline of the configuration', async () => {
    const command = [process.execPath, '--version'];
    await expect(
      startTestPlugin({ definitions: { 'bulk-actions': { command } } }),
    ).rejects.toThrow(/pipeline 'bulk-actions' of our own/);
  });
});
