import {
  RUN_STATES,
  RUN_TRANSITIONS,
} from '@millrace/backstage-plugin-pipelines-common';
import { readdir } from 'node:fs/promises';
import { TestDatabase } from '../__testUtils__';
import { MIGRATIONS_FOLDER, migrateToLatest } from './migrate';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('migrations', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await TestDatabase.create({ migrate: false });
  });
  afterEach(() => database.drop());

  const objects = async () => {
    const { rows } = await database.knex.raw(`
      select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relname not like 'knex_%'
      union all select proname from pg_proc where pronamespace = 'public'::regnamespace
      order by 1`);
    return rows.map((row: { name: string }) => row.name);
  };

  it('go up one by one, and down again to nothing', async () => {
    const config = { directory: MIGRATIONS_FOLDER };
    const files = (await readdir(MIGRATIONS_FOLDER)).filter(name =>
      name.endsWith('.js'),
    );
    expect(files.length).toBeGreaterThan(0);
    const before: string[][] = [];
    for (const _ of files) {
      before.push(await objects());
      await database.knex.migrate.up(config);
    }
    for (const state of before.reverse()) {
      await database.knex.migrate.down(config);
      expect(await objects()).toEqual(state);
    }
  });

  it('give the database the same state machine that everybody else has', async () => {
    await database.knex.migrate.latest({ directory: MIGRATIONS_FOLDER });
    const rows = await database
      .knex('legal_transitions')
      .select('from_state', 'to_state');

    const ours = RUN_STATES.flatMap(from =>
      RUN_TRANSITIONS[from].map(to => `${from} -> ${to}`),
    );
    expect(
      rows.map(row => `${row.from_state} -> ${row.to_state}`).sort(),
    ).toEqual(ours.sort());
  });

  it('are done once when eight processes start together', async () => {
    const clients = Array.from({ length: 8 }, () => database.connect(2));
    await Promise.all(clients.map(migrateToLatest));
    const files = (await readdir(MIGRATIONS_FOLDER)).filter(name =>
      name.endsWith('.js'),
    );
    const done = await database.knex('knex_migrations').select('name');
    expect(done.map(({ name }) => name).sort()).toEqual(files.sort());
    await Promise.all(clients.map(client => client.destroy()));
  });

  it('are not stopped by the mark of a process that was killed meanwhile', async () => {
    await migrateToLatest(database.knex);
    await database.knex.migrate.down({ directory: MIGRATIONS_FOLDER });
    await database.knex('knex_migrations_lock').update({ is_locked: 1 });
    await migrateToLatest(database.knex);
    expect(await database.knex('knex_migrations_lock').first()).toMatchObject({
      is_locked: 0,
    });
  });

  it('leave the durations to a version that reads them where they were, but not to be written', async () => {
    const { knex } = database;
    const config = { directory: MIGRATIONS_FOLDER };
    await knex.migrate.up({ ...config, name: '20261121000000_runs.js' });
    await knex.migrate.up({ ...config, name: '20261121000100_stats.js' });
    const add = () =>
      knex.raw(
        `insert into stats_daily_buckets (start_at, pipeline_id, state, measure, bucket, run_count)
         values ('2026-01-01Z', 'p', 'succeeded', 'duration', 7, 3), ('2026-01-01Z', 'p', 'failed', 'duration', 7, 2)
         on conflict (start_at, pipeline_id, state, measure, bucket) do update set run_count = excluded.run_count`,
      );
    await add();
    const read = async () => {
      const { rows } = await knex.raw(
        `select start_at, pipeline_id, bucket, sum(run_count) as run_count from stats_daily_buckets
          where measure = 'duration' group by start_at, pipeline_id, bucket`,
      );
      return rows;
    };
    const before = await read();
    expect(before).toHaveLength(1);
    await migrateToLatest(knex);
    expect(await read()).toEqual(before);
    await expect(add()).rejects.toThrow(/stats_daily_buckets|conflict/);
  });

  it('let a version start that does not know the newest of them', async () => {
    await migrateToLatest(database.knex);
    await database.knex('knex_migrations').insert({
      name: '20991231000000_of_the_next_version.js',
      batch: 99,
      migration_time: new Date(),
    });
    await migrateToLatest(database.knex);
    expect(await objects()).toContain('runs');
  });
});
