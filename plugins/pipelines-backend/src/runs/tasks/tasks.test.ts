import { mockServices } from '@backstage/backend-test-utils';
import { createTestDefinitions, TestDatabase } from '../../__testUtils__';
import { uuidAt } from '../uuidAt';
import { MakePartitionsTask } from './MakePartitionsTask';
import { PruneRunsTask } from './PruneRunsTask';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('the tasks of runs', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await TestDatabase.create();
    await createTestDefinitions(database.knex, [{ id: 'p' }]);
  });
  afterEach(() => database.drop());

  async function insertRun(
    at: Date,
    options: { ended: boolean; tail: number },
  ) {
    const id = `${uuidAt(at).slice(
      0,
      14,
    )}7000-8000-${`${options.tail}`.padStart(12, '0')}`;
    await database.knex('runs').insert({
      id,
      pipeline_id: 'p',
      trigger: 'manual',
      state: options.ended ? 'failed' : 'queued',
      title: 't',
      submitted_by: 'x',
      queued_at: at,
      finished_at: options.ended ? at : null,
    });
    await database.knex('run_attempts').insert({
      run_id: id,
      attempt: 1,
      worker_id: 'w',
      host: 'h',
      boot_id: 'b',
    });
    await database.knex('run_events').insert({
      run_id: id,
      seq: 1,
      kind: 'transition',
      name: 'submitted',
      actor: 'x',
    });
    await database.knex('log_chunks').insert({
      run_id: id,
      attempt: 1,
      chunk_no: 0,
      first_line: 0,
      line_count: 1,
      stream_lines: [1],
      byte_start: 0,
      byte_len: 1,
      data: Buffer.from('x'),
    });
    return id;
  }
  const idsIn = async (table: string, column = 'run_id') =>
    (await database.knex(table).select(column).orderBy(column)).map(
      row => row[column],
    );
  const partitions = async (parent: string) =>
    (
      await database.knex.raw(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = ?::regclass order by 1`,
        [parent],
      )
    ).rows.map((row: { name: string }) => row.name);

  it('deletes whole runs whose time is over, but none that has not ended', async () => {
    const old = [];
    for (let tail = 0; tail < 120; tail++) {
      old.push(await insertRun(daysAgo(401), { ended: true, tail }));
    }
    const waiting = await insertRun(daysAgo(402), { ended: false, tail: 1 });
    const young = await insertRun(daysAgo(399), { ended: true, tail: 2 });
    const removed: string[] = [];
    await new PruneRunsTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      removeFiles: async ids => {
        removed.push(...ids);
      },
    }).run();

    const left = [waiting, young].sort();
    expect(await idsIn('runs', 'id')).toEqual(left);
    for (const table of ['run_attempts', 'run_events', 'log_chunks']) {
      expect(await idsIn(table)).toEqual(left);
    }
    expect(removed.sort()).toEqual(old.sort());
  });

  it('deletes runs from elsewhere whose reporter fell silent, and none that it still speaks of', async () => {
    const reported = async (tail: number, lastReportAt: Date) => {
      const id = await insertRun(daysAgo(402), { ended: false, tail });
      await database.knex('runs').where({ id }).update({
        origin: 'reported',
        reporter: 'cron',
        last_report_at: lastReportAt,
      });
      return id;
    };
    await reported(1, daysAgo(401));
    const spokenOf = await reported(2, daysAgo(1));
    await new PruneRunsTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      removeFiles: async () => {},
    }).run();

    expect(await idsIn('runs', 'id')).toEqual([spokenOf]);
  });

  it('keeps a run whose files cannot be removed', async () => {
    const id = await insertRun(daysAgo(401), { ended: true, tail: 1 });
    const task = new PruneRunsTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      removeFiles: () => Promise.reject(new Error('no such bucket')),
    });

    await expect(task.run()).rejects.toThrow('no such bucket');
    expect(await idsIn('runs', 'id')).toEqual([id]);
  });

  it('deletes idempotency keys after a week', async () => {
    const id = await insertRun(daysAgo(1), { ended: true, tail: 1 });
    const key = {
      pipeline_id: 'p',
      principal: 'x',
      request_hash: 'h',
      run_id: id,
    };
    await database.knex('run_keys').insert([
      { ...key, key: 'old', created_at: daysAgo(8) },
      { ...key, key: 'young', created_at: daysAgo(6) },
    ]);
    await new PruneRunsTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      removeFiles: async () => {},
    }).run();

    expect(await idsIn('run_keys', 'key')).toEqual(['young']);
  });

  it('drops partitions of logs whose time is over, unless a run of that time goes on', async () => {
    for (const name of ['20250106', '20250113']) {
      const start = new Date(
        `${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6)}T00:00:00Z`,
      );
      await database.knex.raw(
        `create table log_chunks_${name} partition of log_chunks for values from ('${uuidAt(
          start,
        )}') to ('${uuidAt(new Date(start.getTime() + 7 * DAY_MS))}')`,
      );
    }
    const running = await insertRun(new Date('2025-01-15T00:00:00Z'), {
      ended: false,
      tail: 1,
    });
    await new PruneRunsTask({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      removeFiles: async () => {},
    }).run();

    const names = await partitions('log_chunks');
    expect(names).not.toContain('log_chunks_20250106');
    expect(names).toContain('log_chunks_20250113');
    expect(names).toContain('log_chunks_default');
    expect(await idsIn('log_chunks')).toEqual([running]);
  });

  it('makes missing partitions, also when two processes do so at once', async () => {
    const before = await partitions('log_chunks');
    const [missing] = before.filter((name: string) => /\d{8}$/.test(name));
    await database.knex.schema.dropTable(missing);
    const task = new MakePartitionsTask({ knex: database.knex });
    await Promise.all([task.run(), task.run()]);

    expect(await partitions('log_chunks')).toEqual(before);
  });

  it('makes partitions of a time of which rows have come already, and loses none', async () => {
    const before = {
      log_chunks: await partitions('log_chunks'),
      run_events: await partitions('run_events'),
    };
    // As after a pause that was longer than partitions had been made ahead.
    for (const name of [...before.log_chunks, ...before.run_events]) {
      if (/\d{8}$/.test(name)) {
        await database.knex.schema.dropTable(name);
      }
    }
    const young = await insertRun(daysAgo(0), { ended: true, tail: 1 });
    const old = await insertRun(daysAgo(300), { ended: true, tail: 2 });
    await new MakePartitionsTask({ knex: database.knex }).run();

    for (const parent of ['log_chunks', 'run_events'] as const) {
      expect(await partitions(parent)).toEqual(before[parent]);
      expect(await idsIn(parent)).toEqual([old, young]);
      expect(await idsIn(`${parent}_default`)).toEqual([old]);
    }
  });
});
