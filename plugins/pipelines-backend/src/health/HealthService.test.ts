import knexFactory from 'knex';
import { v7 as uuid } from 'uuid';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { DatabaseProxy } from '../__testUtils__/DatabaseProxy';
import { HealthService } from './HealthService';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('HealthService', () => {
  const live = { connected: true };
  let database: TestDatabase;

  beforeEach(async () => {
    database = await TestDatabase.create();
    live.connected = true;
  });
  afterEach(() => database.drop());

  const statesOf = async (health: HealthService) => {
    const { state, checks } = await health.getHealth();
    return {
      state,
      ...Object.fromEntries(checks.map(check => [check.name, check.state])),
    };
  };
  const addWorker = () =>
    database.knex('workers').insert({
      id: 'w',
      host: 'h',
      boot_id: 'b',
      pid: 1,
      slots: 1,
      version: '0',
    });

  it('is well when the database answers, a worker lives and changes arrive', async () => {
    await addWorker();
    const health = new HealthService({ knex: database.knex, live });
    expect(await statesOf(health)).toEqual({
      state: 'ok',
      database: 'ok',
      queue: 'ok',
      workers: 'ok',
      live: 'ok',
    });
  });

  it('names each part that is not well', async () => {
    live.connected = false;
    await createTestDefinitions(database.knex, [{ id: 'p' }]);
    await database.knex('runs').insert({
      id: uuid(),
      pipeline_id: 'p',
      trigger: 'manual',
      state: 'queued',
      title: 't',
      submitted_by: 'x',
      run_at: new Date(Date.now() - 600_000),
    });
    const health = new HealthService({ knex: database.knex, live });
    expect(await statesOf(health)).toEqual({
      state: 'degraded',
      database: 'ok',
      queue: 'degraded',
      workers: 'degraded',
      live: 'degraded',
    });
  });

  it('answers in time when the database does not, and is well again when it does', async () => {
    const proxy = await DatabaseProxy.create(database.url);
    const knex = knexFactory({
      client: 'pg',
      connection: proxy.url,
      pool: { min: 0, max: 5 },
    });
    try {
      const health = new HealthService({ knex, live, patienceMs: 200 });
      expect(await statesOf(health)).toMatchObject({ database: 'ok' });
      proxy.frozen = true;
      const answers = await Promise.all([1, 2, 3].map(() => statesOf(health)));
      for (const answer of answers) {
        expect(answer).toEqual({
          state: 'degraded',
          database: 'degraded',
          live: 'ok',
        });
      }
      expect(proxy.accepted).toBe(1);
      proxy.frozen = false;
      expect(await statesOf(health)).toMatchObject({ database: 'ok' });
    } finally {
      await proxy.close();
      await knex.destroy();
    }
  });
});
