import { isTransientDatabaseError } from '../database';
import { TEST_WORKER, waitFor } from '../__testUtils__';
import { boundedTransaction } from './boundedTransaction';
import { EXIT_0, QueueHarness } from './__testUtils__/QueueHarness';
import { SweepLeasesTask } from './tasks/SweepLeasesTask';
import { TidyQueueTask } from './tasks/TidyQueueTask';

const ALICE = 'user:default/alice';

// Waits for locks take seconds, and a busy machine may let a database wait.
jest.setTimeout(60_000);

describe('the queue on a database in trouble', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      processes: 2,
      pipelines: [{ id: 'limited', concurrency: { limit: 5 } }, { id: 'free' }],
    });
    harness.knex.client.pool.on('createFail', () => {});
  });
  afterAll(() => harness.drop());
  beforeEach(() => harness.clear());

  const databaseName = async (): Promise<string> =>
    (await harness.knex.raw('select current_database() as name')).rows[0].name;

  /** The error of what is expected to fail. */
  const errorOf = (
    work: Promise<unknown>,
  ): Promise<Error & { code?: string }> =>
    work.then(
      () => {
        throw new Error('It did not fail');
      },
      error => error,
    );

  it('waits for a lock on the runs only so long, changes nothing, and goes on when it is gone', async () => {
    await harness.insertMany(2, 'free');
    const lease = await harness.start();
    const locked = await harness.knex.transaction();
    await locked.raw('lock table runs in access exclusive mode');
    const errors = await Promise.all([
      errorOf(harness.claim()),
      errorOf(harness.queue.finish(lease, EXIT_0)),
      errorOf(harness.queue.requestCancel({ runId: lease.runId, by: ALICE })),
      errorOf(harness.queue.sweep()),
      errorOf(harness.service.tidy()),
    ]);
    await locked.rollback();

    expect(errors.map(({ code }) => code)).toEqual(Array(5).fill('55P03'));
    expect(errors.every(isTransientDatabaseError)).toBe(true);
    expect(await harness.stateOf(lease.runId)).toBe('running');
    expect(await harness.claim()).toHaveLength(1);
    expect(await harness.queue.finish(lease, EXIT_0)).toBe('succeeded');
  });

  it('is not held up by a run that somebody else has locked', async () => {
    const first = await harness.insert('free');
    const second = await harness.insert('free');
    const locked = await harness.knex.transaction();
    await locked('runs').where({ id: first }).forUpdate().first();
    expect(await harness.claimIds(5)).toEqual([second]);
    await locked.rollback();
    expect(await harness.claimIds(5)).toEqual([first]);
  });

  it('bounds its transactions, so that a process that stands still in one is ended before a lease is over', async () => {
    const bounds = await boundedTransaction(harness.knex, trx =>
      trx.raw(
        `select current_setting('idle_in_transaction_session_timeout') as idle,
           current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`,
      ),
    );
    expect(bounds.rows).toEqual([
      { idle: '10s', lock: '3s', statement: '10s' },
    ]);
  });

  it('is not seen to be the victim of a deadlock', async () => {
    await harness.insert('limited');
    const lease = await harness.start();
    const [, queue] = harness.queues;
    const name = await databaseName();
    // The queue shall be the one that looks for deadlocks, and not before there is one.
    await harness.knex.raw(
      `alter database ?? set deadlock_timeout = '2500ms'`,
      [name],
    );
    const other = await harness.knex.transaction();
    await other.raw(`set local deadlock_timeout = '50s'`);
    await other('queue_limits').where({ key: 'limited' }).forUpdate().first();
    // It has the run and waits for the limit, and so do others the other way round.
    const finished = queue.finish(lease, EXIT_0);
    await waitFor('the end to wait for the limit', async () => {
      const { rows } = await harness.knex.raw(
        `select from pg_stat_activity where wait_event_type = 'Lock'
           and datname = current_database() and query like '%millrace_end_attempts%'`,
      );
      return rows.length > 0;
    });
    await other('runs').where({ id: lease.runId }).update({ note: 'x' });
    await other.commit();

    expect(await finished).toBe('succeeded');
    expect(await harness.row(lease.runId)).toMatchObject({
      state: 'succeeded',
      note: 'x',
    });
    expect(await harness.active()).toEqual({ limited: 0 });
  });

  it('goes on after the database could only be read for a while', async () => {
    const name = (await harness.knex.raw('select current_database() as name'))
      .rows[0].name;
    const runId = await harness.insert('free');
    const held = await harness.insert('free', { priority: 1 });
    const lease = await harness.start();
    await harness.insert('free', { queue_deadline: new Date(0) });
    const { logger } = harness;
    const tasks = [
      new SweepLeasesTask({ queue: harness.queue, logger }),
      new TidyQueueTask({ service: harness.service, logger }),
    ];
    await harness.expireLeases();
    const admin = harness.database.connect(1);
    await admin.raw(
      'alter database ?? set default_transaction_read_only = on',
      [name],
    );
    await harness.database.breakConnections();

    const error = await waitFor('the claim to be refused', async () => {
      const refused = await errorOf(harness.claim());
      return refused.code === '25006' && refused;
    });
    expect(isTransientDatabaseError(error)).toBe(true);
    tasks.forEach(task => task.start());
    await waitFor(
      'both loops to be refused',
      () => logger.warn.mock.calls.length >= 2,
    );
    expect(logger.warn.mock.calls.join()).toMatch(/read-only/);

    await waitFor('the setting to be taken back', () =>
      admin
        .raw(
          `begin; set transaction read write; alter database "${name}" reset default_transaction_read_only; commit`,
        )
        .then(() => true)
        .catch(() => false),
    );
    await harness.database.breakConnections();
    await waitFor('the sweeper and the tidier to have gone on', async () => {
      const states: string[] = await harness
        .knex('runs')
        .pluck('state')
        .catch(() => []);
      return states.includes('lost') && states.includes('timed_out');
    });
    await Promise.all(tasks.map(task => task.stop()));
    await admin.destroy();
    expect(held).toBe(lease.runId);
    expect(await harness.claimIds(5)).toEqual([runId]);
  });

  it('renews leases by the clock of the database, however wrong that of the worker is', async () => {
    const runId = await harness.insert('free');
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'nextTick',
        'performance',
        'queueMicrotask',
        'hrtime',
      ],
      now: Date.now() + 3_600_000,
    });
    try {
      const [{ lease }] = await harness.claim();
      await harness.queue.renew({ workerId: TEST_WORKER.id, leases: [lease] });
      const { rows } = await harness.knex.raw(
        `select lease_expires_at between now() + interval '10 s' and now() + interval '16 s' as ok
           from runs where id = ?`,
        [runId],
      );
      expect(rows).toEqual([{ ok: true }]);
      expect(await harness.queue.sweep()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
