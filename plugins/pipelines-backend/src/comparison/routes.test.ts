import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  COMPARED_SUCCESSES,
  RunChangesSchema,
  type RunChanges,
} from '@millrace/backstage-plugin-pipelines-common';
import { randomBytes, randomUUID } from 'node:crypto';
import request from 'supertest';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines';
const ADMIN = 'user:default/admin';
const ALICE = 'user:default/alice';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the routes of the comparison', () => {
  let plugin: TestPlugin;

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
      pipelines: { secrets: { key: randomBytes(32).toString('base64') } },
      definitions: {
        ours: {
          command,
          owner: 'group:default/ours',
          parameters: {
            type: 'object',
            properties: {
              url: { type: 'string' },
              token: { type: 'string', writeOnly: true },
            },
          },
        },
        theirs: { command, owner: 'group:default/theirs' },
      },
      decide: credentials => {
        const { userEntityRef } = credentials.principal as {
          userEntityRef?: string;
        };
        return userEntityRef === ADMIN
          ? { result: AuthorizeResult.ALLOW }
          : OURS;
      },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(() => plugin.database.knex('runs').delete());

  const insert = (
    state: 'succeeded' | 'failed',
    columns: Record<string, unknown> = {},
  ) =>
    insertRun(plugin.database.knex, { pipeline_id: 'ours', state, ...columns });
  const get = (path: string, user = ALICE) =>
    request(plugin.server)
      .get(`${API}${path}`)
      .set('Authorization', mockCredentials.user.header(user));
  const changesOf = async (
    runId: string,
    user = ALICE,
  ): Promise<RunChanges> => {
    const { status, body } = await get(`/runs/${runId}/changes`, user);
    expect({ status, error: body.error }).toEqual({ status: 200 });
    expect(RunChangesSchema.parse(body)).toEqual(body);
    return body;
  };

  it('says what differs from the last success before, rarest first', async () => {
    for (const [index, version] of ['1', '2', '2', '1'].entries()) {
      await insert('succeeded', {
        title: `Success ${index}`,
        pipeline_version: version,
        parameters: { url: index === 3 ? 'https://a' : 'https://b' },
      });
    }
    const other = await insert('failed', { pipeline_version: '0' });
    const failed = await insert('failed', {
      pipeline_version: '2',
      parameters: { url: 'https://b', limit: 3 },
      settings_revision: 7,
    });
    await insert('succeeded', { pipeline_version: '2', title: 'A later one' });
    await insertRun(plugin.database.knex, {
      pipeline_id: 'theirs',
      state: 'succeeded',
    });
    expect(await changesOf(failed)).toEqual({
      lastSuccess: {
        id: expect.any(String),
        title: 'Success 3',
        finishedAt: expect.any(String),
      },
      comparedSuccesses: 4,
      moreChanges: 0,
      changes: [
        { subject: 'parameter', name: 'limit', after: 3, seenIn: 0 },
        { subject: 'settings', before: 0, after: 7, seenIn: 0 },
        { subject: 'version', before: '1', after: '2', seenIn: 2 },
        {
          subject: 'parameter',
          name: 'url',
          before: 'https://a',
          after: 'https://b',
          seenIn: 3,
        },
      ],
    });
    expect((await changesOf(other)).changes[0]).toMatchObject({ seenIn: 0 });
  });

  it('compares worker, metrics and steps of the latest attempt', async () => {
    const { knex } = plugin.database;
    const ran = async (
      state: 'succeeded' | 'failed',
      facts: { host: string; rows: number; seconds: number },
    ) => {
      const id = await insert(state, { steps: [['load', 'succeeded']] });
      await knex('run_attempts')
        .where({ run_id: id })
        .update({
          host: facts.host,
          metrics: JSON.stringify({
            rows: { value: facts.rows, at: new Date() },
          }),
        });
      await knex('run_steps')
        .where({ run_id: id })
        .update({
          started_at: new Date(0),
          finished_at: new Date(facts.seconds * 1_000),
        });
      return id;
    };
    await ran('succeeded', { host: 'host-a', rows: 100, seconds: 10 });
    await ran('succeeded', { host: 'host-a', rows: 101, seconds: 11 });
    const failed = await ran('failed', {
      host: 'host-b',
      rows: 9_000,
      seconds: 40,
    });
    expect((await changesOf(failed)).changes).toEqual([
      { subject: 'worker', before: 'host-a', after: 'host-b', seenIn: 0 },
      {
        subject: 'step-duration',
        name: 'load',
        before: 11_000,
        after: 40_000,
        seenIn: 0,
      },
      { subject: 'metric', name: 'rows', before: 101, after: 9_000, seenIn: 0 },
    ]);
  });

  it('never shows a secret, whether it was masked or is one only today', async () => {
    await insert('succeeded', { parameters: { token: 'old-secret' } });
    const failed = await insert('failed', { parameters: { token: '••••' } });
    const changed = await insert('failed', {
      parameters: { token: 'new-secret', url: 'x' },
    });
    expect((await changesOf(failed)).changes).toEqual([]);
    const { changes } = await changesOf(changed);
    expect(changes).toMatchObject([{ subject: 'parameter', name: 'url' }]);
    expect(JSON.stringify(changes)).not.toContain('secret');
  });

  it('says that there is no success, and looks at no more than it promises', async () => {
    const first = await insert('failed');
    expect(await changesOf(first)).toEqual({
      comparedSuccesses: 0,
      changes: [],
      moreChanges: 0,
    });
    for (let index = 0; index < COMPARED_SUCCESSES + 3; index++) {
      await insert('succeeded');
    }
    const last = await insert('failed');
    expect(await changesOf(last)).toMatchObject({
      comparedSuccesses: COMPARED_SUCCESSES,
      changes: [],
    });
  });

  it('tells of the run that started it only to those who may see that one', async () => {
    const { knex } = plugin.database;
    const upstream = async (version: string) =>
      insertRun(knex, {
        pipeline_id: 'theirs',
        state: 'succeeded',
        pipeline_version: version,
      });
    const after = async (
      state: 'succeeded' | 'failed',
      cause: string,
    ): Promise<string> =>
      insert(state, { trigger: 'after', labels: { 'caused-by': cause } });
    await after('succeeded', await upstream('1'));
    const failed = await after('failed', await upstream('2'));
    expect((await changesOf(failed)).changes).toEqual([]);
    expect((await changesOf(failed, ADMIN)).changes).toEqual([
      { subject: 'upstream-version', before: '1', after: '2', seenIn: 0 },
    ]);
    const odd = await after('failed', 'what a person wrote');
    expect((await changesOf(odd, ADMIN)).changes).toEqual([]);
  });

  it('says of a run that one may not see that there is none', async () => {
    const theirs = await insertRun(plugin.database.knex, {
      pipeline_id: 'theirs',
      state: 'failed',
    });
    expect((await get(`/runs/${theirs}/changes`)).status).toBe(404);
    expect((await get(`/runs/${randomUUID()}/changes`)).status).toBe(404);
    expect((await get(`/runs/nope/changes`, ADMIN)).status).toBe(404);
  });

  it('says how long the last successes before it took, without their pauses', async () => {
    const took = (
      seconds: number,
      columns: Record<string, unknown> = {},
      state: 'succeeded' | 'failed' = 'succeeded',
    ) =>
      insert(state, {
        started_at: new Date(0),
        finished_at: new Date(seconds * 1_000),
        ...columns,
      });
    await took(30);
    await took(10);
    await took(25, { paused_ms: 5_000 });
    await took(99, {}, 'failed');
    await took(1, { resume_from: 'load' });
    await took(7, { pipeline_id: 'theirs' });
    const run = await took(50);
    await took(60);
    const { body } = await get(`/runs/${run}/usual-duration`);
    expect(body).toEqual({ durationsMs: [10_000, 20_000, 30_000] });
    expect((await get(`/runs/${randomUUID()}/usual-duration`)).status).toBe(
      404,
    );
  });

  it('finds the successes by an index, however many other runs there are', async () => {
    const { knex } = plugin.database;
    const failed = await insert('failed');
    await knex.raw('analyze runs');
    const plan = await knex.transaction<unknown>(async trx => {
      await trx.raw('set local enable_seqscan = off');
      const { rows } = await trx.raw(
        `explain select id from runs where pipeline_id = 'ours' and state = 'succeeded' and id < ?
          order by id desc limit 50`,
        [failed],
      );
      return rows;
    });
    expect(JSON.stringify(plan)).toContain('runs_pipeline_state');
    expect(JSON.stringify(plan)).not.toContain('Sort');
  });
});
