import { mockCredentials } from '@backstage/backend-test-utils';
import {
  PipelineGridSchema,
  type PipelineGrid,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the run grid', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    const command = [process.execPath, '--version'];
    plugin = await startTestPlugin({
      definitions: { ingest: { command }, other: { command } },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(() => plugin.database.knex('runs').delete());

  const insert = (run: Partial<Parameters<typeof insertRun>[1]>) =>
    insertRun(plugin.database.knex, {
      pipeline_id: 'ingest',
      state: 'succeeded',
      ...run,
    });
  const read = async (query = ''): Promise<PipelineGrid> => {
    const { status, body } = await request(plugin.server)
      .get(`/api/pipelines/pipelines/ingest/grid${query}`)
      .set('Authorization', mockCredentials.user.header());
    expect({ status, error: body.error }).toEqual({ status: 200 });
    expect(PipelineGridSchema.parse(body)).toEqual(body);
    return body;
  };

  it('has the newest runs first, with the steps of their latest attempt and their settings', async () => {
    const { knex } = plugin.database;
    const old = await insert({
      steps: [
        ['fetch', 'succeeded'],
        ['load', 'succeeded'],
      ],
      settings_revision: 1,
      started_at: '2026-11-20T09:00:00Z',
      finished_at: '2026-11-20T09:01:30Z',
    });
    const retried = await insert({
      state: 'failed',
      trigger: 'schedule',
      steps: [['fetch', 'failed']],
      settings_revision: 2,
    });
    await knex('runs').where({ id: retried }).update({ attempt: 2 });
    await knex('run_attempts').insert({
      run_id: retried,
      attempt: 2,
      state: 'failed',
      worker_id: 'w',
      host: 'h',
      boot_id: 'b',
    });
    await knex('run_steps').insert(
      ['fetch', 'check'].map((name, position) => ({
        run_id: retried,
        attempt: 2,
        position,
        name,
        state: name === 'check' ? 'failed' : 'succeeded',
        started_at: '2026-11-20T10:00:00.500Z',
        finished_at: '2026-11-20T10:00:02Z',
      })),
    );
    const waiting = await insert({ state: 'queued' });
    await insert({ pipeline_id: 'other' });

    const grid = await read();
    expect(grid.steps).toEqual(['fetch', 'load', 'check']);
    expect(grid.runs.map(({ id }) => id)).toEqual([waiting, retried, old]);
    const [queued, failed, succeeded] = grid.runs;
    expect(queued).toMatchObject({ state: 'queued', attempt: 0, steps: [] });
    expect(failed).toMatchObject({
      state: 'failed',
      trigger: 'schedule',
      attempt: 2,
      settingsRevision: 2,
      steps: [
        {
          step: 0,
          state: 'succeeded',
          startedAt: '2026-11-20T10:00:00.500Z',
          finishedAt: '2026-11-20T10:00:02.000Z',
        },
        { step: 2, state: 'failed' },
      ],
    });
    expect(succeeded).toMatchObject({
      startedAt: '2026-11-20T09:00:00.000Z',
      finishedAt: '2026-11-20T09:01:30.000Z',
      settingsRevision: 1,
      steps: [
        { step: 0, state: 'succeeded' },
        { step: 1, state: 'succeeded' },
      ],
    });
  });

  it('leaves out runs in other states and of other triggers, and more than were asked for', async () => {
    const failed = await insert({ state: 'failed' });
    const lost = await insert({ state: 'lost', trigger: 'schedule' });
    const newest = await insert({ trigger: 'schedule' });
    const idsOf = async (query: string) =>
      (await read(query)).runs.map(({ id }) => id);
    expect(await idsOf('?state=failed,lost')).toEqual([lost, failed]);
    expect(await idsOf('?trigger=schedule')).toEqual([newest, lost]);
    expect(await idsOf('?state=lost&trigger=manual')).toEqual([]);
    expect(await idsOf('?limit=2')).toEqual([newest, lost]);
  });

  it('shows the first 50 steps of a run that has more', async () => {
    await insert({
      steps: Array.from({ length: 60 }, (_, index) => [
        `step-${index}`,
        'succeeded',
      ]),
    });
    const grid = await read();
    expect(grid.steps).toHaveLength(50);
    expect(grid.runs[0].steps.at(-1)).toEqual({ step: 49, state: 'succeeded' });
  });
});
