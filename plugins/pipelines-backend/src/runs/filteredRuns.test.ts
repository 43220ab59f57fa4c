import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { BulkFilter } from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines';
const COMMAND = [process.execPath, '--version'];
const MINUTE_MS = 60_000;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the filters of runs in the API', () => {
  let plugin: TestPlugin;
  /** Ids of the runs that the caller may see, newest first. */
  const visible: string[] = [];
  let hidden: string;

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        ours: { command: COMMAND, owner: 'group:default/ours' },
        'also-ours': { command: COMMAND, owner: 'group:default/ours' },
        theirs: { command: COMMAND, owner: 'group:default/theirs' },
      },
      decide: (): PolicyDecision => ({
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'pipelines',
        resourceType: 'pipeline',
        conditions: {
          rule: 'IS_OWNER',
          resourceType: 'pipeline',
          params: { ownerRefs: ['group:default/ours'] },
        },
      }),
    });
    const ended = (minutes: number) => ({
      started_at: new Date(Date.now() - minutes * MINUTE_MS),
      finished_at: new Date(),
    });
    const { knex } = plugin.database;
    const add = async (columns: Parameters<typeof insertRun>[1]) =>
      visible.unshift(await insertRun(knex, columns));
    await add({ pipeline_id: 'ours', state: 'failed', ...ended(1) });
    await add({
      pipeline_id: 'ours',
      state: 'failed',
      title: 'Ingest 100%',
      error_message: '502 Bad Gateway',
      labels: { team: 'data', stage: 'test' },
      ...ended(20),
    });
    await add({
      pipeline_id: 'also-ours',
      state: 'succeeded',
      trigger: 'schedule',
      submitted_by: 'schedule:also-ours',
      summary: '338 records',
      labels: { team: 'data' },
      ...ended(30),
    });
    await add({
      pipeline_id: 'also-ours',
      state: 'queued',
      run_at: new Date('2100-01-01'),
      parameters: { url: 'https://example.org/bad' },
    });
    hidden = await insertRun(knex, {
      pipeline_id: 'theirs',
      state: 'failed',
      title: 'Ingest 100%',
      error_message: '502 Bad Gateway',
      labels: { team: 'data', stage: 'test' },
      ...ended(20),
    });
  }, 120_000);
  afterAll(() => plugin?.stop());

  const list = (query: string) =>
    request(plugin.server)
      .get(`${API}/runs?${query}`)
      .set('Authorization', mockCredentials.user.header());
  const preview = (filter: object) =>
    request(plugin.server)
      .post(`${API}/runs/bulk`)
      .set('Authorization', mockCredentials.user.header())
      .send({ action: 'label', labels: { seen: '1' }, filter, dryRun: true });
  const idsOf = (body: { items: { id: string }[] }) =>
    body.items.map(({ id }) => id);
  const at = (...places: number[]) => places.map(place => visible[place]);

  // Newest first: queued, succeeded, failed with an error, failed.
  it.each<[string, BulkFilter, number[]]>([
    ['', {}, [0, 1, 2, 3]],
    ['state.not=failed,queued', { 'state.not': ['failed', 'queued'] }, [1]],
    [
      'state=failed&state.not=failed',
      { state: ['failed'], 'state.not': ['failed'] },
      [],
    ],
    ['pipeline.not=ours', { 'pipeline.not': ['ours'] }, [0, 1]],
    [
      'pipeline=ours&pipeline.not=ours',
      { pipeline: ['ours'], 'pipeline.not': ['ours'] },
      [],
    ],
    ['trigger.not=schedule', { 'trigger.not': ['schedule'] }, [0, 2, 3]],
    [
      'submittedBy=schedule:also-ours,user:default/x',
      { submittedBy: ['schedule:also-ours', 'user:default/x'] },
      [1],
    ],
    ['label.team=data', { label: { team: 'data' } }, [1, 2]],
    [
      'label.team=data&label.stage=test',
      { label: { team: 'data', stage: 'test' } },
      [2],
    ],
    ['label.team=dat', { label: { team: 'dat' } }, []],
    ['q=BAD', { q: 'BAD' }, [0, 2]],
    ['q=100%25', { q: '100%' }, [2]],
    ['q=8%20rec', { q: '8 rec' }, [1]],
    ['minDuration=600', { minDuration: 600 }, [1, 2]],
    [
      'minDuration=600&maxDuration=1500',
      { minDuration: 600, maxDuration: 1_500 },
      [2],
    ],
    [
      'q=bad&state.not=queued&label.team=data&maxDuration=9999',
      {
        q: 'bad',
        'state.not': ['queued'],
        label: { team: 'data' },
        maxDuration: 9_999,
      },
      [2],
    ],
  ])(
    "list what the caller may see with '%s', and a bulk action counts the same",
    async (query, filter, places) => {
      const listed = await list(query);
      expect(listed.status).toBe(200);
      expect(idsOf(listed.body)).toEqual(at(...places));
      const counted = await preview(filter);
      expect(counted.status).toBe(200);
      expect(counted.body.matches).toBe(places.length);
      expect(counted.body.examples.map(({ id }: { id: string }) => id)).toEqual(
        at(...places).reverse(),
      );
    },
  );

  it('find a run by its id, unless it is hidden', async () => {
    const find = async (id: string) => idsOf((await list(`q=${id}`)).body);
    expect(await find(visible[2])).toEqual(at(2));
    expect(await find(visible[2].slice(-8))).toEqual(at(2));
    expect(await find(hidden)).toEqual([]);
    expect((await preview({ q: hidden })).body.matches).toBe(0);
  });

  it('hold on every page of a list', async () => {
    const first = await list('state.not=succeeded&q=s&limit=2');
    const next = await list(
      `state.not=succeeded&q=s&limit=2&cursor=${first.body.nextCursor}`,
    );
    expect([...idsOf(first.body), ...idsOf(next.body)]).toEqual(at(0, 2, 3));
    expect(next.body.nextCursor).toBeUndefined();
  });

  it.each([
    ['label.=x', /label/],
    ['label=x', /label/],
    ['label.a%20b=x', /label/],
    ['label.__proto__=x', /label/],
    ['label.a=x&label.a=y', /label/],
    [`label.a=${'x'.repeat(201)}`, /label/],
    [
      Array.from({ length: 21 }, (_, i) => `label.l${i}=x`).join('&'),
      /at most 20 labels/,
    ],
    [`q=${'x'.repeat(201)}`, /q/],
    ['q=%20', /q/],
    ['q=a%00', /NUL/],
    ['submittedBy=a%00', /NUL/],
    ['state.not=exploded', /state\.not/],
    ['trigger.not=exploded', /trigger\.not/],
    ['minDuration=long', /seconds/],
    ['minDuration=-1', /seconds/],
    ['minDuration=2&maxDuration=1', /minDuration is more than maxDuration/],
  ])('refuse %s', async (query, message) => {
    const { status, body } = await list(query);
    expect({ status, message: body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [{ label: { '': 'x' } }, /label/],
    [{ label: JSON.parse('{"__proto__":"x"}') }, /label/],
    [{ label: { a: 'a\0' } }, /NUL/],
    [{ q: '' }, /q/],
    [{ q: 'a\ud800' }, /surrogate/],
    [{ 'state.not': [] }, /state\.not/],
    [{ minDuration: 2, maxDuration: 1 }, /minDuration is more than/],
  ])('refuse a bulk action for %j', async (filter, message) => {
    const { status, body } = await preview(filter);
    expect({ status, message: body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
  });
});
