import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  FailureDetailSchema,
  ListFailuresResponseSchema,
  type Failure,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { waitFor } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { DatabaseFailuresStore } from './DatabaseFailuresStore';
import { fingerprintOf } from './fingerprint';
import { FailuresService } from './FailuresService';

const API = '/api/pipelines';
const ADMIN = 'user:default/admin';
const ALICE = 'user:default/alice';
const HOUR_MS = 3_600_000;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

const fingerprint = (message: string, step?: string) =>
  fingerprintOf({ kind: 'exit', message, step }).fingerprint;

describe('the routes of failures', () => {
  let plugin: TestPlugin;
  /** What holds for Alice, by permission; by default she may do everything to ours. */
  let rules: (permission: string) => PolicyDecision;

  const OURS: PolicyDecision = {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'pipelines',
    resourceType: 'pipeline',
    conditions: {
      rule: 'IS_OWNER',
      resourceType: 'pipeline',
      params: { ownerRefs: ['group:default/ours'] },
    },
  };

  beforeAll(async () => {
    const command = [process.execPath, '--version'];
    plugin = await startTestPlugin({
      definitions: {
        ours: { command, title: 'Ours', owner: 'group:default/ours' },
        'ours-too': { command, owner: 'group:default/ours' },
        theirs: { command, owner: 'group:default/theirs' },
      },
      decide: (credentials, permission) => {
        const { userEntityRef } = credentials.principal as {
          userEntityRef?: string;
        };
        return userEntityRef === ADMIN
          ? { result: AuthorizeResult.ALLOW }
          : rules(permission.name);
      },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(async () => {
    rules = () => OURS;
    await plugin.database.knex('runs').delete();
    await plugin.database.knex('failure_groups').delete();
  });

  const fail = (
    pipelineId: string,
    message: string,
    options: { hoursAgo?: number; step?: string; kind?: string } = {},
  ) =>
    insertRun(plugin.database.knex, {
      pipeline_id: pipelineId,
      state: 'failed',
      error_kind: options.kind ?? 'exit',
      error_message: message,
      error_step: options.step ?? null,
      finished_at: new Date(Date.now() - (options.hoursAgo ?? 0) * HOUR_MS),
    });
  /** The portal groups by itself too, and may be at it. */
  const group = () =>
    waitFor('every run to be grouped', async () => {
      const { knex } = plugin.database;
      await new DatabaseFailuresStore(knex).group(99);
      return (await knex('failures_to_group').select()).length === 0;
    });
  const as = (user: string, test: request.Test) =>
    test.set('Authorization', mockCredentials.user.header(user));
  const get = (path: string, user = ALICE) =>
    as(user, request(plugin.server).get(`${API}${path}`));
  const post = (path: string, body: object = {}, user = ALICE) =>
    as(user, request(plugin.server).post(`${API}${path}`)).send(body);
  const list = async (query = '', user = ALICE): Promise<Failure[]> => {
    const { status, body } = await get(`/failures${query}`, user);
    expect({ status, error: body.error }).toEqual({ status: 200 });
    expect(ListFailuresResponseSchema.parse(body)).toEqual(body);
    return body.items;
  };
  const templates = async (query = '', user = ALICE) =>
    (await list(query, user)).map(({ template }) => template);

  it('lists what the portal has grouped by itself', async () => {
    await fail('ours', 'Disk is full');
    const template = await waitFor(
      'the failure to be grouped',
      async () => (await templates())[0],
      { timeoutMs: 20_000, everyMs: 200 },
    );
    expect(template).toBe('Disk is full');
  });

  it('lists newest last-seen first, with where, how often and when', async () => {
    await fail('ours', 'Row 1 is bad', { step: 'load', hoursAgo: 30 });
    await fail('ours-too', 'Row 2 is bad', { step: 'load', hoursAgo: 1 });
    await fail('ours-too', 'Row 3 is bad', { step: 'load', hoursAgo: 1 });
    await fail('ours', 'Disk is full', { hoursAgo: 3 });
    await group();
    const from = new Date(Date.now() - 24 * HOUR_MS).toISOString();
    const [row, disk, ...more] = await list(`?from=${from}`);
    expect(more).toEqual([]);
    expect(disk.template).toBe('Disk is full');
    expect(row).toMatchObject({
      fingerprint: fingerprint('Row 1 is bad', 'load'),
      kind: 'exit',
      step: 'load',
      template: 'Row <number> is bad',
      state: 'unresolved',
      occurrences: 2,
      pipelineCount: 2,
      pipelines: [
        { id: 'ours-too', title: 'ours-too', occurrences: 2 },
        {
          id: 'ours',
          title: 'Ours',
          owner: 'group:default/ours',
          occurrences: 0,
        },
      ],
      activity: { hours: 1 },
    });
    expect(row.activity.counts.length).toBeLessThanOrEqual(30);
    expect(row.activity.counts.reduce((a, b) => a + b)).toBe(2);
    expect(Date.parse(row.firstSeenAt)).toBeLessThan(Date.parse(from));
  });

  it('pages through all of them once', async () => {
    for (let i = 0; i < 7; i++) {
      await fail(i % 2 ? 'ours' : 'ours-too', `Failed as ${'abcdefg'[i]}`, {
        hoursAgo: i,
      });
      await fail('ours', `Failed as ${'abcdefg'[i]}`, { hoursAgo: i + 2 });
    }
    await group();
    const all = await templates();
    expect(all).toHaveLength(7);
    const paged: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/failures?limit=2${cursor}`);
      paged.push(...body.items.map((item: Failure) => item.template));
      cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
    } while (cursor);
    expect(paged).toEqual(all);
  });

  it('says how far it has searched when its budget ends, and goes on from there', async () => {
    await fail('ours', 'Needle', { hoursAgo: 9 });
    for (let i = 0; i < 5; i++) {
      await fail('ours', `Hay ${'abcde'[i]}`, { hoursAgo: i });
    }
    await group();
    const service = new FailuresService({
      knex: plugin.database.knex,
      scanBudget: 3,
    });
    const first = await service.list({ q: 'needle', limit: 5 }, 'all');
    expect(first).toMatchObject({
      items: [],
      searchedBackTo: expect.any(String),
      nextCursor: expect.any(String),
    });
    const second = await service.list(
      { q: 'needle', limit: 5, cursor: first.nextCursor },
      'all',
    );
    expect(second.items).toMatchObject([{ template: 'Needle' }]);
  });

  it.each([
    ['state=resolved', ['B']],
    ['state=resolved,unresolved', ['A', 'B', 'C']],
    ['pipeline=ours', ['A', 'B']],
    ['owner=group:default/ours', ['A', 'B']],
    ['owner=group:default/nobody', []],
    ['kind=timeout', ['C']],
    ['q=a', ['A']],
    ['q=FETCH', ['B']],
    ['q=%25', []],
    ['from=2099-01-01T00:00:00Z', []],
  ])('filters by %s', async (query, expected) => {
    await fail('theirs', 'C', { kind: 'timeout', hoursAgo: 2 });
    await fail('ours', 'B', { step: 'Fetch', hoursAgo: 1 });
    await fail('ours', 'A');
    await group();
    await post(
      `/failures/${fingerprint('B', 'Fetch')}/resolve`,
      {},
      ADMIN,
    ).expect(200);
    expect(await templates(`?${query}`, ADMIN)).toEqual(expected);
  });

  describe('of which one may see only some pipelines', () => {
    const SHARED = fingerprint('Disk is full');
    const HIDDEN = fingerprint('Secret');
    let ourRun: string;
    let theirRun: string;
    beforeEach(async () => {
      ourRun = await fail('ours', 'Disk is full', { hoursAgo: 5 });
      theirRun = await fail('theirs', 'Disk is full', { hoursAgo: 1 });
      await fail('theirs', 'Secret');
      await group();
    });

    it('lists and counts nothing of the others', async () => {
      const [shared, ...more] = await list();
      expect(more).toEqual([]);
      expect(shared).toMatchObject({
        fingerprint: SHARED,
        occurrences: 1,
        pipelineCount: 1,
        pipelines: [{ id: 'ours' }],
      });
      expect(shared.lastSeenAt).toBe(shared.firstSeenAt);
      expect(await templates('?pipeline=theirs')).toEqual([]);
      const [secret, all] = await list('', ADMIN);
      expect(secret).toMatchObject({ template: 'Secret' });
      expect(all).toMatchObject({ occurrences: 2, pipelineCount: 2 });
      expect(all.lastSeenAt > shared.lastSeenAt).toBe(true);
    });

    it('reads nothing of the others', async () => {
      const { body } = await get(`/failures/${SHARED}`);
      expect(FailureDetailSchema.parse(body)).toEqual(body);
      expect(body).toMatchObject({
        occurrences: 1,
        totalOccurrences: 1,
        pipelineCount: 1,
        lastRun: {
          id: ourRun,
          pipelineId: 'ours',
          message: 'Disk is full',
        },
        isControllable: false,
      });
      const all = await get(`/failures/${SHARED}`, ADMIN);
      expect(all.body).toMatchObject({
        totalOccurrences: 2,
        lastRun: { id: theirRun },
        isControllable: true,
      });
    });

    it('has no failure that occurred only in others', async () => {
      for (const verb of ['resolve', 'ignore', 'unresolve']) {
        await post(`/failures/${HIDDEN}/${verb}`).expect(404);
      }
      const hidden = await get(`/failures/${HIDDEN}`);
      const unknown = await get('/failures/0123456789abcdef');
      expect(hidden.status).toBe(404);
      expect(hidden.body.error.message.replace(HIDDEN, '')).toBe(
        unknown.body.error.message.replace('0123456789abcdef', ''),
      );
    });

    it('lets nobody change the state for others', async () => {
      for (const verb of ['resolve', 'ignore', 'unresolve']) {
        const { status, body } = await post(`/failures/${SHARED}/${verb}`);
        expect({ status, message: body.error.message }).toEqual({
          status: 403,
          message: expect.stringContaining('pipelines.run.control'),
        });
        expect(body.error.message).not.toContain('theirs');
      }
      expect((await get(`/failures/${SHARED}`, ADMIN)).body).toMatchObject({
        state: 'unresolved',
        history: [],
      });
    });

    it('says at a run how often its failure occurred where one may see it', async () => {
      const ofRun = async (runId: string, user = ALICE) =>
        (await get(`/runs/${runId}/failure`, user)).body;
      expect((await ofRun(ourRun)).failure).toMatchObject({
        fingerprint: SHARED,
        state: 'unresolved',
        totalOccurrences: 1,
        pipelineCount: 1,
      });
      expect((await ofRun(ourRun, ADMIN)).failure).toMatchObject({
        totalOccurrences: 2,
        pipelineCount: 2,
      });
      expect((await get(`/runs/${theirRun}/failure`)).status).toBe(404);
      const fine = await insertRun(plugin.database.knex, {
        pipeline_id: 'ours',
        state: 'succeeded',
      });
      expect(await ofRun(fine)).toEqual({});
    });

    it('lists the runs of a failure, and combines that with other filters', async () => {
      const ids = async (query: string, user = ALICE) =>
        (
          await get(`/runs?fingerprint=${SHARED}${query}`, user).expect(200)
        ).body.items.map(({ id }: { id: string }) => id);
      expect(await ids('')).toEqual([ourRun]);
      expect(await ids('', ADMIN)).toEqual([theirRun, ourRun]);
      expect(await ids('&limit=1', ADMIN)).toEqual([theirRun]);
      expect(await ids('&pipeline=ours', ADMIN)).toEqual([ourRun]);
      expect(await ids('&pipeline=theirs')).toEqual([]);
      expect(await ids('&state=succeeded', ADMIN)).toEqual([]);
      expect(await ids('&state.not=lost', ADMIN)).toHaveLength(2);
      expect((await get('/runs?fingerprint=x')).status).toBe(400);
      const bulk = await post('/runs/bulk', {
        action: 'retry',
        dryRun: true,
        filter: { fingerprint: SHARED },
      });
      expect(bulk.body).toMatchObject({ matches: 1 });
    });

    it('names the run of a regression only to whoever may see it', async () => {
      await post(`/failures/${SHARED}/resolve`, {}, ADMIN).expect(200);
      const again = await fail('theirs', 'Disk is full');
      await group();
      const mine = await get(`/failures/${SHARED}`);
      const all = await get(`/failures/${SHARED}`, ADMIN);
      expect(mine.body.state).toBe('regressed');
      expect(mine.body.history[0]).toMatchObject({ name: 'regressed' });
      expect(mine.body.history[0].runId).toBeUndefined();
      expect(all.body.history[0].runId).toBe(again);
    });
  });

  it('is resolved, ignored and unresolved by whoever may control all of it, on record', async () => {
    await fail('ours', 'Disk is full');
    await group();
    const path = `/failures/${fingerprint('Disk is full')}`;
    const resolved = await post(`${path}/resolve`, { reason: 'more disk' });
    expect(resolved.body).toMatchObject({
      state: 'resolved',
      changedBy: ALICE,
      changedAt: expect.any(String),
    });
    expect((await post(`${path}/resolve`)).status).toBe(409);
    const ignored = await post(`${path}/ignore`, { count: 3 });
    expect(ignored.body).toMatchObject({ state: 'ignored', ignoredCount: 3 });
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    const later = await post(`${path}/ignore`, { until });
    expect(later.body).toMatchObject({ state: 'ignored', ignoredUntil: until });
    expect(later.body.ignoredCount).toBeUndefined();
    const open = await post(`${path}/unresolve`);
    expect(open.body).toMatchObject({ state: 'unresolved' });
    expect(open.body.ignoredUntil).toBeUndefined();

    const { body } = await get(path);
    expect(body).toMatchObject({ isControllable: true });
    expect(body.history).toMatchObject([
      { name: 'unresolved', actor: ALICE },
      { name: 'ignored', until },
      { name: 'ignored', count: 3 },
      { name: 'resolved', actor: ALICE, reason: 'more disk' },
    ]);
  });

  it('may be seen by whoever may not control it', async () => {
    await fail('ours', 'Disk is full');
    await group();
    rules = name =>
      name === 'pipelines.run.control'
        ? { result: AuthorizeResult.DENY }
        : OURS;
    const path = `/failures/${fingerprint('Disk is full')}`;
    expect((await get(path)).body.isControllable).toBe(false);
    expect((await post(`${path}/resolve`)).status).toBe(403);
  });
});
