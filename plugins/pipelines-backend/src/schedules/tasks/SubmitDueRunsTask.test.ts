import { mockServices } from '@backstage/backend-test-utils';
import { RunsService } from '../../runs';
import { createTestDefinitions, TestDatabase } from '../../__testUtils__';
import { DatabaseSchedulesStore } from '../DatabaseSchedulesStore';
import { SubmitDueRunsTask } from './SubmitDueRunsTask';

const HOURLY = {
  cron: '0 * * * *',
  timezone: 'UTC',
  missed: 'once' as const,
  enabled: true,
};

describe('SubmitDueRunsTask', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create();
  }, 60_000);

  afterAll(() => database.drop());

  beforeEach(async () => {
    await database.knex.raw('truncate runs, schedules cascade');
  });

  async function createTask(schedule = HOURLY) {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      { id: 'hourly', schedule },
      { id: 'by-hand' },
    ]);
    return new SubmitDueRunsTask({
      store: new DatabaseSchedulesStore(knex),
      runs: new RunsService({ knex, definitions }),
      definitions: definitions.list(),
      logger: mockServices.logger.mock(),
    });
  }

  /** As if nobody had looked at the schedules for so long. */
  async function nobodyLookedFor(interval: string) {
    await database.knex('schedules').update({
      served_until: database.knex.raw('now() - ?::interval', [interval]),
    });
  }

  const runs = () =>
    database
      .knex('runs')
      .select('pipeline_id', 'trigger', 'submitted_by', 'state');

  it('submits nothing for a schedule that is new', async () => {
    const task = await createTask();
    await task.run();
    expect(await runs()).toEqual([]);
  });

  it('submits one run for a start that is due, and not again', async () => {
    const task = await createTask();
    await task.run();
    await nobodyLookedFor('90 minutes');
    await task.run();
    await task.run();
    expect(await runs()).toEqual([
      {
        pipeline_id: 'hourly',
        trigger: 'schedule',
        submitted_by: 'schedule:hourly',
        state: 'queued',
      },
    ]);
  });

  it('makes up for a week of missed starts with one run', async () => {
    const task = await createTask();
    await task.run();
    await nobodyLookedFor('7 days');
    await task.run();
    expect(await runs()).toHaveLength(1);
  });

  it('submits one run when several processes find the same start due', async () => {
    const tasks = await Promise.all([createTask(), createTask(), createTask()]);
    await tasks[0].run();
    await nobodyLookedFor('90 minutes');
    await Promise.all(tasks.map(task => task.run()));
    expect(await runs()).toHaveLength(1);
  });

  it('begins anew when the schedule was changed', async () => {
    await (await createTask()).run();
    await nobodyLookedFor('90 minutes');
    const changed = await createTask({
      cron: '5 * * * *',
      timezone: 'UTC',
      missed: 'once' as const,
      enabled: true,
    });
    await changed.run();
    expect(await runs()).toEqual([]);
  });
});
