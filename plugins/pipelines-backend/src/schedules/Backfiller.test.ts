import { mockServices } from '@backstage/backend-test-utils';
import { RunsService } from '../runs';
import {
  createTestDefinitions,
  TestDatabase,
  type TestPipeline,
} from '../__testUtils__';
import { Backfiller } from './Backfiller';
import { DatabaseSchedulesStore } from './DatabaseSchedulesStore';
import { ScheduleServer } from './ScheduleServer';
import { SubmitDueRunsTask } from './tasks/SubmitDueRunsTask';

const DAILY = {
  cron: '30 2 * * *',
  timezone: 'Europe/Berlin',
  missed: 'once' as const,
  enabled: false,
};
const ALICE = 'user:default/alice';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('Backfiller', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create();
  }, 60_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.knex.raw('truncate runs, run_keys, schedules cascade');
  });

  async function create(pipeline: Omit<TestPipeline, 'id'> = {}) {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      { id: 'daily', schedule: DAILY, ...pipeline },
    ]);
    const store = new DatabaseSchedulesStore(knex);
    const runs = new RunsService({ knex, definitions });
    return {
      backfiller: new Backfiller({ knex, store, runs, definitions }),
      task: new SubmitDueRunsTask({
        definitions,
        server: new ScheduleServer({
          knex,
          store,
          runs,
          pauses: async () => ({ pipelines: new Map() }),
          logger: mockServices.logger.mock(),
          maxMissedStarts: 100,
        }),
      }),
    };
  }
  const backfillOf = (
    backfiller: Backfiller,
    request: Parameters<Backfiller['backfill']>[0]['request'],
    actor = ALICE,
  ) =>
    backfiller.backfill({
      pipelineId: 'daily',
      request,
      actor,
      trigger: 'manual',
    });
  const RANGE = { from: '2026-10-24T00:30:00Z', to: '2026-10-27T01:30:00Z' };
  const STARTS = [
    '2026-10-24T00:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ];
  const runs = () => database.knex('runs').orderBy('id');

  it('says first which runs it would make, and makes none', async () => {
    const { backfiller } = await create();
    expect(await backfillOf(backfiller, { ...RANGE, dryRun: true })).toEqual({
      starts: STARTS.map(startAt => ({ startAt, isNew: true })),
      count: 3,
    });
    expect(await runs()).toEqual([]);
  });

  it('makes a run of each planned start in the range, from its begin on and before its end', async () => {
    const { backfiller } = await create();
    const made = await backfillOf(backfiller, { ...RANGE, note: 'lost days' });
    const found = await runs();
    expect(made).toEqual({
      starts: STARTS.map((startAt, index) => ({
        startAt,
        runId: found[index].id,
        isNew: true,
      })),
      count: 3,
    });
    expect(found.map(run => run.labels)).toEqual(
      STARTS.map(start => ({ 'scheduled-for': start })),
    );
    expect(found[0]).toMatchObject({
      submitted_by: ALICE,
      trigger: 'manual',
      note: 'lost days',
    });
    const event = await database
      .knex('run_events')
      .where({ run_id: found[0].id })
      .first();
    expect(event).toMatchObject({
      name: 'submitted',
      actor: ALICE,
      reason: expect.stringMatching(/Backfill from .* to .*/),
    });
  });

  it('leaves out what has a run, of whoever it is, unless it is wanted again', async () => {
    const { backfiller } = await create();
    const first = await backfillOf(backfiller, {
      ...RANGE,
      to: '2026-10-25T12:00:00Z',
    });
    const preview = await backfillOf(
      backfiller,
      { ...RANGE, dryRun: true },
      'user:default/bob',
    );
    expect(preview).toEqual({
      starts: [
        ...first.starts.map(start => ({ ...start, isNew: false })),
        { startAt: STARTS[2], isNew: true },
      ],
      count: 1,
    });
    await backfillOf(backfiller, RANGE, 'user:default/bob');
    await backfillOf(backfiller, RANGE, 'user:default/bob');
    expect(await runs()).toHaveLength(3);

    const again = await backfillOf(backfiller, { ...RANGE, again: true });
    expect(again.count).toBe(3);
    expect(await runs()).toHaveLength(6);
  });

  it('makes one run of each start when two people do it at once, and the schedule too', async () => {
    const { backfiller, task } = await create({
      schedule: {
        cron: '0 * * * *',
        timezone: 'UTC',
        missed: 'all',
        enabled: true,
      },
    });
    await task.run();
    await database.knex('schedules').update({
      served_until: database.knex.raw(`now() - interval '20 hours'`),
    });
    const to = new Date().toISOString();
    const from = new Date(Date.now() - 72_000_000).toISOString();
    await Promise.all([
      backfillOf(backfiller, { from, to }),
      backfillOf(backfiller, { from, to }, 'user:default/bob'),
      task.run(),
      backfillOf(backfiller, { from, to }, 'user:default/carol'),
    ]);
    await task.run();
    const found = await runs();
    expect(new Set(found.map(run => run.labels['scheduled-for'])).size).toBe(
      found.length,
    );
    expect(found.length).toBeGreaterThanOrEqual(20);
    expect(found.length).toBeLessThanOrEqual(21);
  });

  it('makes all runs or none', async () => {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      { id: 'daily', schedule: DAILY },
    ]);
    const real = new RunsService({ knex, definitions });
    let left = 2;
    const backfiller = new Backfiller({
      knex,
      store: new DatabaseSchedulesStore(knex),
      definitions,
      runs: {
        submitRun: async (submit, transaction) => {
          left -= 1;
          if (left < 0) {
            throw new Error('died');
          }
          return real.submitRun(submit, transaction);
        },
      },
    });
    await expect(backfillOf(backfiller, RANGE)).rejects.toThrow('died');
    expect(await runs()).toEqual([]);
  });

  it('makes a thousand runs, and refuses more with the way out', async () => {
    const { backfiller } = await create({
      schedule: { ...DAILY, cron: '*/5 * * * *', timezone: 'UTC' },
    });
    const from = '2026-10-01T00:00:00Z';
    await expect(
      backfillOf(backfiller, { from, to: '2026-11-01T00:00:00Z' }),
    ).rejects.toThrow(
      /more than 1000 planned starts.*up to 2026-10-04T11:20:00.000Z/,
    );
    expect(await runs()).toEqual([]);
    const { count } = await backfillOf(backfiller, {
      from,
      to: '2026-10-04T11:20:00Z',
    });
    expect(count).toBe(1_000);
    expect(await runs()).toHaveLength(1_000);
  });

  it.each([
    [
      'a range that ends before it begins',
      { from: RANGE.to, to: RANGE.from },
      /must end after/,
    ],
    [
      'starts that are still to come',
      { from: '2026-10-24T00:00:00Z', to: '2028-01-01T00:00:00Z' },
      /still to come/,
    ],
  ])('refuses %s', async (_, request, message) => {
    const { backfiller } = await create();
    await expect(backfillOf(backfiller, request)).rejects.toThrow(message);
    await expect(
      backfillOf(backfiller, { ...request, dryRun: true }),
    ).rejects.toThrow(message);
    expect(await runs()).toEqual([]);
  });

  it('refuses a pipeline without a schedule', async () => {
    const { backfiller } = await create({ schedule: undefined });
    await expect(backfillOf(backfiller, RANGE)).rejects.toThrow(
      /has no schedule/,
    );
  });
});
