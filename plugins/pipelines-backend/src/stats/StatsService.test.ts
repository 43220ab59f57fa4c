import { DateTime } from 'luxon';
import { v7 as uuid } from 'uuid';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { DatabasePipelineActivity } from './DatabasePipelineActivity';
import { foldDeltas } from './operations/foldDeltas';
import { StatsService } from './StatsService';

const TIMEZONE = 'Europe/Berlin';
const NOW = '2026-11-21T10:30:00Z';

describe('StatsService', () => {
  let database: TestDatabase;
  let stats: StatsService;

  beforeAll(async () => {
    database = await TestDatabase.create();
    await createTestDefinitions(database.knex, [{ id: 'a' }, { id: 'b' }]);
    stats = new StatsService({
      knex: database.knex,
      timezone: TIMEZONE,
      now: () => DateTime.fromISO(NOW),
    });
  }, 60_000);

  afterAll(() => database.drop());

  beforeEach(async () => {
    await database.knex.raw(
      'truncate stats_deltas, stats_hourly, stats_daily, stats_hourly_histograms, stats_daily_histograms, stats_hourly_total, stats_daily_total, stats_hourly_total_histograms, stats_daily_total_histograms, runs cascade',
    );
  });

  async function ended(
    pipelineId: string,
    state: string,
    finishedAt: string,
    durationMs = 60_000,
  ) {
    const finished = DateTime.fromISO(finishedAt);
    await database.knex('runs').insert({
      id: uuid(),
      pipeline_id: pipelineId,
      trigger: 'manual',
      state,
      title: 'x',
      submitted_by: 'user:default/ada',
      queued_at: finished.minus({ milliseconds: durationMs + 5_000 }).toISO(),
      run_at: finished.minus({ milliseconds: durationMs + 5_000 }).toISO(),
      started_at: finished.minus({ milliseconds: durationMs }).toISO(),
      finished_at: finished.toISO(),
    });
  }

  async function queued(pipelineId: string) {
    await database.knex('runs').insert({
      id: uuid(),
      pipeline_id: pipelineId,
      trigger: 'manual',
      state: 'queued',
      title: 'x',
      submitted_by: 'user:default/ada',
    });
  }

  const fold = (limit = 1_000) =>
    foldDeltas({ knex: database.knex, timezone: TIMEZONE, limit });

  it('says the same before, between and after the deltas are folded', async () => {
    await ended('a', 'succeeded', '2026-11-20T09:00:00Z');
    await ended('a', 'failed', '2026-11-20T09:30:00Z', 120_000);
    await ended('b', 'succeeded', '2026-11-21T10:00:00Z', 30_000);
    await queued('b');
    const before = await stats.getStats({}, 'all');
    expect(before).toMatchObject({
      total: 4,
      byState: { succeeded: 2, failed: 1, queued: 1 },
      successRate: 2 / 3,
      inProgress: 1,
      averageDurationMs: 70_000,
      averageWaitMs: 5_000,
    });
    expect(await fold(1)).toBe(1);
    expect(await stats.getStats({}, 'all')).toEqual(before);
    expect(await fold()).toBe(2);
    expect(await stats.getStats({}, 'all')).toEqual(before);
    expect(await fold()).toBe(0);
  });

  it('counts a run that was corrected as it is now, folded before, between or after', async () => {
    const id = uuid();
    const times = {
      queued_at: '2026-11-20T08:59:00Z',
      run_at: '2026-11-20T08:59:00Z',
      started_at: '2026-11-20T09:00:00Z',
    };
    await database.knex('runs').insert({
      ...times,
      id,
      pipeline_id: 'a',
      origin: 'reported',
      trigger: 'outside',
      state: 'failed',
      title: 'x',
      submitted_by: 'reporter:cron',
      finished_at: '2026-11-20T09:01:00Z',
    });
    await fold();
    const correct = (changes: object) =>
      database.knex('runs').where({ id }).update(changes);
    await correct({ state: 'succeeded', finished_at: '2026-11-20T10:02:00Z' });
    const corrected = {
      total: 1,
      byState: { succeeded: 1 },
      averageDurationMs: 3_720_000,
      averageWaitMs: 60_000,
    };
    expect(await stats.getStats({}, 'all')).toMatchObject(corrected);
    expect(await fold(1)).toBe(1);
    expect(await stats.getStats({}, 'all')).toMatchObject(corrected);
    expect(await fold()).toBe(1);
    expect(await stats.getStats({}, 'all')).toMatchObject(corrected);

    await correct({ title: 'another title' });
    expect(await fold()).toBe(0);
    await correct({ state: 'running', finished_at: null });
    await fold();
    expect(await stats.getStats({}, 'all')).toMatchObject({
      byState: { running: 1 },
      averageDurationMs: undefined,
    });
  });

  it('counts only the pipelines it is given', async () => {
    await ended('a', 'succeeded', '2026-11-20T09:00:00Z');
    await ended('b', 'failed', '2026-11-20T09:00:00Z');
    await fold();
    expect((await stats.getStats({}, ['a'])).byState).toEqual({ succeeded: 1 });
    expect((await stats.getStats({}, [])).total).toBe(0);
  });

  it('cuts days in the configured zone, and has empty ones too', async () => {
    await ended('a', 'succeeded', '2026-11-19T22:30:00Z');
    await ended('a', 'succeeded', '2026-11-19T23:30:00Z');
    await fold(1);
    const history = await stats.getHistory(
      {
        bucket: 'day',
        groupBy: 'none',
        from: '2026-11-18T23:00:00Z',
        to: '2026-11-21T23:00:00Z',
      },
      'all',
    );
    expect(history.buckets.map(({ start, total }) => [start, total])).toEqual([
      ['2026-11-18T23:00:00.000Z', 1],
      ['2026-11-19T23:00:00.000Z', 1],
      ['2026-11-20T23:00:00.000Z', 0],
    ]);
  });

  it('counts the same span in numbers, by pipeline and in a chart with the same buckets', async () => {
    await ended('a', 'succeeded', '2026-11-19T23:10:00Z');
    await ended('b', 'failed', '2026-11-20T09:00:00Z', 120_000);
    await ended('b', 'succeeded', '2026-11-20T22:50:00Z');
    await fold(2);
    const query = {
      from: '2026-11-20T12:00:00Z',
      to: '2026-11-20T13:00:00Z',
      bucket: 'day' as const,
    };
    const numbers = await stats.getStats(query, 'all');
    const byPipeline = await stats.getStatsByPipeline(query, 'all');
    const chart = await stats.getHistory({ ...query, groupBy: 'none' }, 'all');
    expect(numbers).toMatchObject({
      total: 3,
      from: '2026-11-19T23:00:00.000Z',
      to: '2026-11-20T23:00:00.000Z',
    });
    expect([chart.from, chart.to, chart.buckets[0].total]).toEqual([
      numbers.from,
      numbers.to,
      3,
    ]);
    expect(byPipeline).toMatchObject({
      from: numbers.from,
      to: numbers.to,
      pipelines: [
        { pipelineId: 'b', total: 2, successRate: 0.5 },
        { pipelineId: 'a', total: 1, byState: { succeeded: 1 } },
      ],
    });
    const own = await stats.getStatsByPipeline(query, ['a']);
    expect(own.pipelines.map(({ pipelineId }) => pipelineId)).toEqual(['a']);
  });

  it('compares with as much of the time before as is over of the window', async () => {
    await ended('a', 'succeeded', '2026-11-21T09:00:00Z', 30_000);
    await ended('a', 'failed', '2026-11-19T23:30:00Z');
    await ended('a', 'succeeded', '2026-11-20T10:40:00Z');
    await ended('a', 'succeeded', '2026-11-20T11:10:00Z');
    await fold();
    const { total, previous } = await stats.getStats(
      { from: '2026-11-21T00:00:00Z', bucket: 'day', compare: 'previous' },
      'all',
    );
    expect(total).toBe(1);
    expect(previous).toMatchObject({
      from: '2026-11-19T23:00:00.000Z',
      to: '2026-11-20T11:00:00.000Z',
      total: 2,
      successRate: 0.5,
      averageDurationMs: 60_000,
    });
  });

  it('groups by pipeline, leaving out buckets without runs', async () => {
    await ended('a', 'succeeded', '2026-11-20T09:00:00Z');
    await ended('b', 'failed', '2026-11-21T09:00:00Z');
    const history = await stats.getHistory(
      { bucket: 'day', groupBy: 'pipeline' },
      'all',
    );
    expect(
      history.buckets.map(({ pipelineId, byState }) => [pipelineId, byState]),
    ).toEqual([
      ['a', { succeeded: 1 }],
      ['b', { failed: 1 }],
    ]);
  });

  it('loses and doubles nothing when several fold at once', async () => {
    for (let i = 0; i < 60; i++) {
      await ended('a', i % 3 ? 'succeeded' : 'failed', '2026-11-20T09:00:00Z');
    }
    const moved = [];
    while (moved.reduce((a, b) => a + b, 0) < 60) {
      moved.push(...(await Promise.all([fold(7), fold(7), fold(7)])));
    }
    expect((await stats.getStats({}, 'all')).byState).toEqual({
      succeeded: 40,
      failed: 20,
    });
    expect(await database.knex('stats_deltas').first()).toBeUndefined();
  });

  it('counts a run at the moment it ends and never before', async () => {
    await queued('a');
    expect(await database.knex('stats_deltas').first()).toBeUndefined();
    await database.knex('runs').update({
      state: 'cancelled',
      finished_at: NOW,
      run_at: NOW,
      queued_at: NOW,
    });
    expect(await database.knex('stats_deltas')).toEqual([
      expect.objectContaining({
        state: 'cancelled',
        duration_ms: null,
        wait_ms: '0',
      }),
    ]);
  });
});

describe('DatabasePipelineActivity', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create();
    await createTestDefinitions(database.knex, [{ id: 'a' }, { id: 'b' }]);
  }, 60_000);

  afterAll(() => database.drop());

  it('has the newest runs of each pipeline and counts those that are not over', async () => {
    const ids = Array.from({ length: 5 }, () => uuid());
    await database.knex('runs').insert(
      ids.map((id, i) => ({
        id,
        pipeline_id: i < 3 ? 'a' : 'b',
        trigger: 'manual',
        state: i === 4 ? 'queued' : 'succeeded',
        title: 'x',
        submitted_by: 'user:default/ada',
        started_at: i === 4 ? null : '2026-11-20T09:00:00Z',
        finished_at: i === 4 ? null : '2026-11-20T09:00:01.500Z',
      })),
    );
    const activity = new DatabasePipelineActivity(database.knex);
    const recent = await activity.listRecent(['a', 'b', 'c'], 2);
    expect(recent.get('a')!.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(recent.get('a')![0]).toMatchObject({
      state: 'succeeded',
      durationMs: 1_500,
    });
    expect(recent.get('b')![0]).not.toHaveProperty('durationMs');
    expect(recent.has('c')).toBe(false);
    expect(await activity.countActive(['a', 'b'])).toEqual(
      new Map([['b', { queued: 1, running: 0 }]]),
    );
  });
});
