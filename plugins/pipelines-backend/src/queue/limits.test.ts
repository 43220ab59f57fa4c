import { waitFor } from '../__testUtils__';
import { LeaseLostError, type Lease } from '../runs';
import { EXIT_0, EXIT_1, QueueHarness } from './__testUtils__/QueueHarness';
import { KeepLimitsTask } from './tasks/KeepLimitsTask';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

const PROCESSES = 4;
const SLOTS = 3;

describe('limits of the queue', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      processes: PROCESSES,
      pipelines: [
        { id: 'three', concurrency: { limit: 3 }, maxAttempts: 3 },
        { id: 'keyed', concurrency: { key: '${{ x }}', perKey: 2 } },
        { id: 'both', concurrency: { limit: 3, key: '${{ x }}', perKey: 1 } },
        { id: 'free' },
      ],
    });
  });
  afterAll(() => harness.drop());
  beforeEach(async () => {
    await harness.clear();
    await harness.knex('queue_limits').update({ active: 0 });
    await harness.syncLimits();
  });

  /**
   * Every slot of every process claims, and ends what it has in one of the ways that there are,
   * until nothing is queued; returns how many were executed at once at most, by the given group.
   */
  async function drain(
    groupOf: (run: { id: string }) => string,
    random: () => number = Math.random,
  ): Promise<Map<string, number>> {
    const now = new Map<string, number>();
    const most = new Map<string, number>();
    const isLeft = async () =>
      (await harness.knex('runs').where({ state: 'queued' }).first('id')) !==
      undefined;
    await Promise.all(
      harness.queues.flatMap((queue, process) =>
        Array.from({ length: SLOTS }, async () => {
          while (await isLeft()) {
            const worker = {
              id: `w${process}`,
              host: `h${process}`,
              bootId: 'b',
            };
            const [run] = await harness.claim(1, { queue, worker });
            if (!run) {
              continue;
            }
            const group = groupOf({ id: run.lease.runId });
            now.set(group, (now.get(group) ?? 0) + 1);
            most.set(group, Math.max(most.get(group) ?? 0, now.get(group)!));
            await queue.markRunning(run.lease, {});
            const dice = random();
            now.set(group, now.get(group)! - 1);
            if (dice < 0.7) {
              await queue.finish(run.lease, EXIT_0);
            } else if (dice < 0.8) {
              await queue.finish(run.lease, EXIT_1);
            } else if (dice < 0.9) {
              await queue.release(run.lease);
            } else {
              await harness
                .knex('runs')
                .where({ id: run.lease.runId })
                .update({
                  lease_expires_at: harness.knex.raw(`now() - interval '1 h'`),
                });
              await queue.sweep();
              await expect(queue.finish(run.lease, EXIT_0)).rejects.toThrow(
                LeaseLostError,
              );
            }
          }
        }),
      ),
    );
    return most;
  }

  it('never lets more runs of a pipeline be executed than it may, whoever claims and however they end', async () => {
    // What the counter says is checked by the database at every claim.
    await harness.knex.raw(
      'alter table queue_limits add constraint never_more check (active <= max)',
    );
    await harness.insertMany(300, 'three');
    const most = await drain(() => 'three');
    await harness.knex.raw(
      'alter table queue_limits drop constraint never_more',
    );

    expect(most.get('three')).toBeLessThanOrEqual(3);
    expect(await harness.service.recountLimits()).toBe(0);
    expect(await harness.active()).toEqual({ three: 0, both: 0 });
    const states: string[] = await harness.knex('runs').pluck('state');
    expect(states).toHaveLength(300);
    expect(states).not.toContain('queued');
  });

  it.each([
    ['a pipeline', 'three', null, 3],
    ['a key', 'keyed', 'k', 2],
  ])(
    'lets twelve claims at the same moment get no more than the limit of %s',
    async (_, pipeline, concurrency_key, limit) => {
      await harness.insertMany(240, pipeline, { concurrency_key });
      const { queue, queues } = harness;
      const claimAll = () =>
        Promise.all(
          queues.flatMap(one =>
            Array.from({ length: SLOTS }, () =>
              harness.claim(2, { queue: one }),
            ),
          ),
        );
      const end = async (lease: Lease) => {
        await queue.markRunning(lease, {});
        await queue.finish(lease, EXIT_0);
      };
      for (let round = 0; round < 40; round++) {
        const claims = await claimAll();
        const leases = claims.flat().map(({ lease }) => lease);
        expect(leases.length).toBeLessThanOrEqual(limit);
        expect(leases.length).toBeGreaterThan(0);
        await Promise.all(leases.map(end));
      }
      expect(await harness.service.recountLimits()).toBe(0);
    },
  );

  it('never lets more runs with a key be executed than it may, and leaves no key behind', async () => {
    await harness.knex.raw(
      'alter table queue_limits add constraint never_more check (active <= max)',
    );
    const keys = new Map<string, string>();
    for (const key of ['a', 'b', 'c']) {
      for (let n = 0; n < 30; n++) {
        keys.set(await harness.insert('keyed', { concurrency_key: key }), key);
      }
    }
    const most = await drain(({ id }) => keys.get(id)!);
    await harness.knex.raw(
      'alter table queue_limits drop constraint never_more',
    );

    expect(Math.max(...most.values())).toBeLessThanOrEqual(2);
    expect(await harness.service.recountLimits()).toBe(0);
    expect(await harness.active()).toEqual({ three: 0, both: 0 });
  });

  it('holds a limit of the whole queue as well', async () => {
    await harness.syncLimits(2);
    await harness.insertMany(60, 'free');
    await harness.insertMany(60, 'three', { priority: 1 });
    const most = await drain(() => 'all');

    expect(most.get('all')).toBeLessThanOrEqual(2);
    expect(await harness.active()).toEqual({ '*': 0, three: 0, both: 0 });
  });

  it('lets what comes behind a saturated pipeline start', async () => {
    await harness.insertMany(50, 'three', { priority: 10 });
    const free = await harness.insert('free');

    expect(await harness.claim(10)).toHaveLength(4);
    expect(await harness.stateOf(free)).toBe('starting');
    expect(await harness.claim(10)).toEqual([]);
  });

  it('passes over a saturated key once, and looks at its runs again only when one ends', async () => {
    await harness.insertMany(3_000, 'keyed', { concurrency_key: 'hot' });
    const behind = await harness.insert('keyed', { concurrency_key: 'cold' });
    const claimed = await harness.claim(3);

    expect(claimed).toHaveLength(3);
    expect(claimed.map(({ lease }) => lease.runId)).toContain(behind);
    const parked = () =>
      harness.knex('runs').where({ parked: true }).pluck('id').orderBy('id');
    expect(await parked()).toHaveLength(2_998);
    const version = async () =>
      (await harness.knex.raw('select max(xmin::text::bigint) from runs'))
        .rows[0].max;
    const before = await version();
    expect(await harness.claim(3)).toEqual([]);
    expect(await version()).toBe(before);

    const next = (await parked())[0];
    await harness.queue.finish(claimed[0].lease, EXIT_1);
    expect(await parked()).toHaveLength(2_997);
    expect(await harness.claimIds(3)).toEqual([next]);
  });

  it('takes the most urgent of the runs with a key first, though they were passed over', async () => {
    const [first] = await Promise.all([
      harness.insert('both', { concurrency_key: 'k', priority: 5 }),
    ]);
    await harness.insert('both', { concurrency_key: 'k', priority: 1 });
    const urgent = await harness.insert('both', {
      concurrency_key: 'k',
      priority: 3,
    });
    const [{ lease }] = await harness.claim(5);
    expect(lease.runId).toBe(first);
    const newer = await harness.insert('both', {
      concurrency_key: 'k',
      priority: 4,
    });
    expect(await harness.claim(5)).toEqual([]);

    await harness.queue.release(lease);
    await harness.queue.requestCancel({ runId: first, by: 'user:x' });
    expect(await harness.claimIds(5)).toEqual([newer]);
    await harness.knex('runs').where({ id: newer }).delete();
    await harness.service.tidy();
    expect(await harness.claimIds(5)).toEqual([urgent]);
  });

  it('holds the limit of a pipeline and that of its keys together', async () => {
    for (const key of ['a', 'a', 'b', 'c', 'd', 'd']) {
      await harness.insert('both', { concurrency_key: key });
    }
    await harness.insert('both');
    const claimed = await harness.claim(10);
    const rows = await harness
      .knex('runs')
      .whereNotNull('lease_token')
      .pluck('concurrency_key');

    expect(claimed).toHaveLength(3);
    expect(new Set(rows).size).toBe(3);
    expect(await harness.active()).toMatchObject({ both: 3 });
  });

  it('looks again at a run whose turn went by because the one before was cancelled', async () => {
    await harness.insert('both', { concurrency_key: 'k' });
    const second = await harness.insert('both', { concurrency_key: 'k' });
    const third = await harness.insert('both', { concurrency_key: 'k' });
    const [{ lease }] = await harness.claim(5);
    expect(await harness.claim(5)).toEqual([]);
    await harness.queue.finish(lease, EXIT_0);
    await harness.queue.requestCancel({ runId: second, by: 'user:x' });
    expect(await harness.claim(5)).toEqual([]);

    await harness.service.tidy();
    expect(await harness.claimIds(5)).toEqual([third]);
  });

  it('does not let a process that stands still in a transaction hold up other pipelines', async () => {
    await harness.insertMany(2, 'three', { priority: 10 });
    const free = await harness.insert('free');
    const frozen = await harness.knex.transaction();
    await frozen('queue_limits').where({ key: 'three' }).forUpdate().first();
    try {
      expect(await harness.claimIds(5)).toEqual([free]);
      expect(await harness.claimIds(5)).toEqual([]);
    } finally {
      await frozen.rollback();
    }
    expect(await harness.claim(5)).toHaveLength(2);
  });

  it('gives back the place of a run that goes again', async () => {
    await harness.insertMany(4, 'three');
    const claimed = await harness.claim(5);
    expect(claimed).toHaveLength(3);
    await harness.queue.markRunning(claimed[0].lease, {});
    await harness.queue.finish(claimed[0].lease, EXIT_1);

    expect(await harness.active()).toMatchObject({ three: 2 });
    expect(await harness.claim(5)).toHaveLength(1);
  });

  it('counts what is active already when a limit is set, and lets a lower one end nothing', async () => {
    await harness.insertMany(5, 'free');
    const claimed = await harness.claim(2);
    const [free, ...others] = harness.definitions
      .list()
      .sort((a, b) => Number(b.id === 'free') - Number(a.id === 'free'));
    const limitFree = (limit: number) =>
      harness.service.syncLimits({
        pipelines: [{ ...free, concurrency: { limit } }, ...others],
      });
    await limitFree(3);
    expect(await harness.active()).toMatchObject({ free: 2 });
    await limitFree(1);
    expect(await harness.claim(5)).toEqual([]);
    await harness.queue.release(claimed[0].lease);
    expect(await harness.claim(5)).toEqual([]);
    await limitFree(2);
    expect(await harness.claim(5)).toHaveLength(1);
    await harness.syncLimits();
    expect(await harness.active()).not.toHaveProperty('free');
    expect(await harness.claim(5)).toHaveLength(3);
  });

  it('forgets the limit of keys when it is gone, with what it had passed over', async () => {
    await harness.insertMany(6, 'keyed', { concurrency_key: 'k' });
    expect(await harness.claim(5)).toHaveLength(2);
    await harness.service.syncLimits({
      pipelines: harness.definitions
        .list()
        .map(definition => ({ ...definition, concurrency: undefined })),
    });
    expect(await harness.active()).toEqual({});
    expect(await harness.claim(5)).toHaveLength(4);
  });

  it('leaves the limits of pipelines alone that it is not told of', async () => {
    await harness.service.syncLimits({ pipelines: [] });
    expect(await harness.active()).toEqual({ three: 0, both: 0 });
  });

  it('heals a place that leaked', async () => {
    await harness.insertMany(1, 'three');
    await harness.insert('keyed', { concurrency_key: 'k' });
    await harness
      .knex('queue_limits')
      .where({ key: 'three' })
      .update({ active: 3 });
    await harness.knex('queue_limits').insert({
      key: 'keyed#k',
      pipeline_id: 'keyed',
      concurrency_key: 'k',
      max: 2,
      active: 2,
    });
    expect(await harness.claim(5)).toEqual([]);

    const task = await KeepLimitsTask.create({
      service: harness.service,
      definitions: {
        list: () => harness.definitions.list(),
        portalSettings: () => ({}),
        subscribe: () => () => {},
      },
      logger: harness.logger,
      everyMs: [20, 30],
    });
    task.start();
    await waitFor('the count to be mended', async () => {
      return (await harness.active()).three === 0;
    });
    await task.stop();
    await harness.service.tidy();
    expect(await harness.claim(5)).toHaveLength(2);
    expect(harness.logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/2 counts/),
    );
  });

  it('writes the limits again when settings have changed, and tries again when it could not', async () => {
    let listener = () => {};
    const settings: { concurrency?: number } = {};
    const task = await KeepLimitsTask.create({
      service: harness.service,
      definitions: {
        list: () => harness.definitions.list(),
        portalSettings: () => settings,
        subscribe: changed => {
          listener = changed;
          return () => {};
        },
      },
      logger: harness.logger,
    });
    task.start();
    settings.concurrency = 7;
    const sync = jest
      .spyOn(harness.service, 'syncLimits')
      .mockRejectedValueOnce(new Error('the database is away'));
    listener();
    await waitFor('the limit to be there', async () => {
      return (await harness.active())['*'] === 0;
    });
    expect(sync).toHaveBeenCalledTimes(2);
    sync.mockRestore();
    await task.stop();
    await harness.syncLimits();
  });
});
