import { mockServices } from '@backstage/backend-test-utils';
import type { Pause } from '@millrace/backstage-plugin-pipelines-common';
import { RunsService } from '../../runs';
import {
  createTestDefinitions,
  TestDatabase,
  type TestPipeline,
} from '../../__testUtils__';
import { DatabaseSchedulesStore } from '../DatabaseSchedulesStore';
import { listRefusedStarts } from '../operations/listRefusedStarts';
import { ScheduleServer } from '../ScheduleServer';
import { SubmitDueRunsTask } from './SubmitDueRunsTask';

const HOURLY = {
  cron: '0 * * * *',
  timezone: 'UTC',
  missed: 'once' as const,
  enabled: true,
};
const HOUR_MS = 3_600_000;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('SubmitDueRunsTask', () => {
  let database: TestDatabase;
  const pauses: { queue?: Pause; pipelines: Map<string, Pause> } = {
    pipelines: new Map(),
  };
  const logger = mockServices.logger.mock();

  beforeAll(async () => {
    database = await TestDatabase.create();
  }, 60_000);

  afterAll(() => database.drop());

  beforeEach(async () => {
    jest.clearAllMocks();
    delete pauses.queue;
    pauses.pipelines.clear();
    await database.knex.raw(
      'truncate runs, run_keys, schedules, refused_starts cascade',
    );
  });

  async function createTask(
    options: { maxMissedStarts?: number } & Omit<TestPipeline, 'id'> = {},
  ) {
    const { knex } = database;
    const { maxMissedStarts = 100, ...pipeline } = options;
    const definitions = await createTestDefinitions(knex, [
      { id: 'hourly', schedule: HOURLY, ...pipeline },
      { id: 'by-hand' },
    ]);
    return new SubmitDueRunsTask({
      definitions,
      server: new ScheduleServer({
        knex,
        store: new DatabaseSchedulesStore(knex),
        runs: new RunsService({ knex, definitions }),
        pauses: async () => pauses,
        logger,
        maxMissedStarts,
      }),
    });
  }

  /** As if nobody had looked at the schedules for so long. */
  async function nobodyLookedFor(interval: string) {
    await database.knex('schedules').update({
      served_until: database.knex.raw('now() - ?::interval', [interval]),
    });
  }

  /** Runs of a task whose schedule exists and that nobody has looked at for so long. */
  async function runAfter(interval: string, task: SubmitDueRunsTask) {
    await task.run();
    await nobodyLookedFor(interval);
    await task.run();
  }

  const runs = () =>
    database
      .knex('runs')
      .orderBy('id')
      .select('pipeline_id', 'trigger', 'submitted_by', 'state', 'labels');
  const starts = async () =>
    (await runs()).map(run => new Date(run.labels['scheduled-for']));
  const readNow = async (): Promise<Date> =>
    (await database.knex.raw('select now() as now')).rows[0].now;

  it('submits nothing for a schedule that is new', async () => {
    const task = await createTask();
    await task.run();
    expect(await runs()).toEqual([]);
  });

  it('submits one run for a start that is due, which says what it is for, and not again', async () => {
    const task = await createTask();
    await runAfter('90 minutes', task);
    await task.run();
    const now = await readNow();
    const start = new Date(Math.floor(+now / HOUR_MS) * HOUR_MS).toISOString();
    expect(await runs()).toEqual([
      {
        pipeline_id: 'hourly',
        trigger: 'schedule',
        submitted_by: 'schedule:hourly',
        state: 'queued',
        labels: { 'scheduled-for': start },
      },
    ]);
  });

  it('makes up for a week of missed starts with one run, which says so', async () => {
    await runAfter('7 days', await createTask());
    expect(await runs()).toHaveLength(1);
    const [event] = await database
      .knex('run_events')
      .where({ name: 'starts-skipped' });
    expect(event).toMatchObject({ kind: 'warning', actor: 'schedule:hourly' });
    expect(event.reason).toMatch(/were missed and skipped/);
  });

  it('with skip drops what was missed', async () => {
    const task = await createTask({
      schedule: { ...HOURLY, cron: '0 0 1 1 *', missed: 'skip' },
    });
    await runAfter('400 days', task);
    expect(await runs()).toEqual([]);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/missed and skipped/),
    );
    await task.run();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('with all makes each missed run, oldest first', async () => {
    await runAfter(
      '5 hours',
      await createTask({ schedule: { ...HOURLY, missed: 'all' } }),
    );
    const found = await starts();
    expect(found).toHaveLength(5);
    expect(found).toEqual([...found].sort((a, b) => +a - +b));
  });

  it('with all makes no more than it may, and the newest', async () => {
    await runAfter(
      '50 hours',
      await createTask({
        schedule: { ...HOURLY, missed: 'all' },
        maxMissedStarts: 3,
      }),
    );
    const found = await starts();
    expect(found).toHaveLength(3);
    expect(+(await readNow()) - +found[2]).toBeLessThan(HOUR_MS);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/missed and skipped/),
    );
  });

  it('submits one run of each start when several processes find the same ones due', async () => {
    const tasks = await Promise.all([
      createTask({ schedule: { ...HOURLY, missed: 'all' } }),
      createTask({ schedule: { ...HOURLY, missed: 'all' } }),
      createTask({ schedule: { ...HOURLY, missed: 'all' } }),
    ]);
    await tasks[0].run();
    await nobodyLookedFor('4 hours');
    await Promise.all(tasks.map(task => task.run()));
    expect(await runs()).toHaveLength(4);
  });

  it('makes no second run of a start when it is served once more', async () => {
    const task = await createTask();
    await runAfter('90 minutes', task);
    // As after a restore, and long after the idempotency key is gone
    await database.knex('run_keys').delete();
    await runAfter('90 minutes', task);
    expect(await runs()).toHaveLength(1);
  });

  it('accepts the run that a version without labels has made of the same start', async () => {
    const task = await createTask();
    await task.run();
    const now = await readNow();
    const start = new Date(Math.floor(+now / HOUR_MS) * HOUR_MS).toISOString();
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [{ id: 'hourly' }]);
    await new RunsService({ knex, definitions }).submitRun({
      request: { pipelineId: 'hourly', parameters: {} },
      actor: 'schedule:hourly',
      trigger: 'schedule',
      idempotencyKey: start,
    });
    await nobodyLookedFor('90 minutes');
    await task.run();
    await task.run();
    expect(await runs()).toHaveLength(1);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('begins anew when the schedule was changed', async () => {
    await (await createTask()).run();
    await nobodyLookedFor('90 minutes');
    const changed = await createTask({
      schedule: { ...HOURLY, cron: '5 * * * *' },
    });
    await changed.run();
    expect(await runs()).toEqual([]);
  });

  it('starts nothing while it is not enabled, and skips what it missed meanwhile', async () => {
    await (await createTask()).run();
    const disabled = await createTask({
      schedule: { ...HOURLY, enabled: false },
    });
    await runAfter('90 minutes', disabled);
    await (await createTask()).run();
    await (await createTask()).run();
    expect(await runs()).toEqual([]);
  });

  it('heeds settings that change between two rounds', async () => {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      { id: 'hourly', schedule: HOURLY },
    ]);
    const task = new SubmitDueRunsTask({
      definitions,
      server: new ScheduleServer({
        knex,
        store: new DatabaseSchedulesStore(knex),
        runs: new RunsService({ knex, definitions }),
        pauses: async () => pauses,
        logger,
        maxMissedStarts: 100,
      }),
    });
    await task.run();
    await knex('settings_revisions').insert({
      scope: 'pipeline:hourly',
      revision: 1,
      patch: JSON.stringify({ schedule: { enabled: false } }),
      author: 'user:default/alice',
    });
    await definitions.reload();
    await nobodyLookedFor('90 minutes');
    await task.run();
    expect(await runs()).toEqual([]);

    // A process that has not heard of it leaves the schedule alone.
    await (await createTask({ settingsRevision: 0 })).run();
    expect(await runs()).toEqual([]);
    expect(await knex('schedules').first('enabled', 'revision')).toEqual({
      enabled: false,
      revision: 1,
    });
    await knex('settings_revisions').delete();
  });

  const PAUSE: Pause = {
    by: 'user:default/alice',
    at: '2026-11-21T00:00:00.000Z',
    scheduledRuns: 'drop',
  };

  it.each(['queue', 'pipeline'])(
    'leaves starts out while the %s is paused so, and says which',
    async what => {
      if (what === 'queue') {
        pauses.queue = PAUSE;
      } else {
        pauses.pipelines.set('hourly', PAUSE);
      }
      const task = await createTask();
      await runAfter('90 minutes', task);
      delete pauses.queue;
      pauses.pipelines.clear();
      await task.run();
      expect(await runs()).toEqual([]);
      expect(logger.info).toHaveBeenCalledWith(
        expect.stringMatching(/Left out of pipeline 'hourly'.*:00:00.000Z/),
      );
    },
  );

  it('queues starts while the queue is paused otherwise', async () => {
    pauses.queue = { ...PAUSE, scheduledRuns: 'keep' };
    await runAfter('90 minutes', await createTask());
    expect(await runs()).toHaveLength(1);
  });

  it('records a start whose parameters do not fit, and goes on', async () => {
    const task = await createTask({
      parameters: {
        type: 'object',
        required: ['url'],
        properties: { url: { type: 'string' } },
      },
    });
    await runAfter('90 minutes', task);
    await task.run();
    expect(await runs()).toEqual([]);
    expect(await listRefusedStarts(database.knex, 'hourly')).toEqual([
      {
        pipelineId: 'hourly',
        trigger: 'schedule',
        source: 'schedule:hourly',
        message: expect.stringMatching(/the parameter 'url' is missing/),
        at: expect.any(Date),
      },
    ]);
  });

  it('tries again what failed for a while, and serves the other schedules meanwhile', async () => {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      { id: 'hourly', schedule: HOURLY },
      { id: 'other', schedule: HOURLY },
    ]);
    const real = new RunsService({ knex, definitions });
    let isDown = true;
    const task = new SubmitDueRunsTask({
      definitions,
      server: new ScheduleServer({
        knex,
        store: new DatabaseSchedulesStore(knex),
        runs: {
          submitRun: async (submit, transaction) => {
            if (isDown && submit.request.pipelineId === 'hourly') {
              throw Object.assign(new Error('broken'), { code: 'ECONNRESET' });
            }
            return real.submitRun(submit, transaction);
          },
        },
        pauses: async () => pauses,
        logger,
        maxMissedStarts: 100,
      }),
    });
    await runAfter('90 minutes', task);
    expect((await runs()).map(run => run.pipeline_id)).toEqual(['other']);
    isDown = false;
    await task.run();
    expect((await runs()).map(run => run.pipeline_id)).toEqual([
      'other',
      'hourly',
    ]);
  });

  it.each([-1, 1])(
    'goes by the clock of the database when its own is wrong by %d h',
    async hours => {
      const task = await createTask();
      await task.run();
      const now = await readNow();
      jest.useFakeTimers({
        now: +now + hours * HOUR_MS,
        doNotFake: [
          'hrtime',
          'nextTick',
          'performance',
          'queueMicrotask',
          'setImmediate',
          'setInterval',
          'setTimeout',
          'clearImmediate',
          'clearInterval',
          'clearTimeout',
        ],
      });
      try {
        await task.run();
        expect(await runs()).toEqual([]);
        await nobodyLookedFor('90 minutes');
        await task.run();
      } finally {
        jest.useRealTimers();
      }
      const [start] = await starts();
      expect(+start).toBeLessThanOrEqual(+(await readNow()));
      expect(+(await readNow()) - +start).toBeLessThan(HOUR_MS + 60_000);
    },
  );
});
