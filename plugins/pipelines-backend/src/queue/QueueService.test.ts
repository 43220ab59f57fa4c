import { ConflictError, InputError } from '@backstage/errors';
import {
  ListQueuedRunsResponseSchema,
  QueueSchema,
  type Waiting,
} from '@millrace/backstage-plugin-pipelines-common';
import { TEST_WORKER } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import { QueueHarness } from './__testUtils__/QueueHarness';

const ALICE = 'user:default/alice';
const CLEAR = { scheduledRuns: 'keep' } as const;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('QueueService', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      pipelines: [
        { id: 'b-limited', title: 'B', concurrency: { limit: 1 } },
        { id: 'a-keyed', title: 'A', concurrency: { key: 'x', perKey: 1 } },
        { id: 'c-free', title: 'C', owner: 'group:default/c' },
        { id: 'ours', title: 'Ours', internal: true },
      ],
    });
  });
  afterAll(() => harness.drop());
  beforeEach(async () => {
    await harness.clear();
    await harness.knex('queue_limits').update({ active: 0 });
    await harness.syncLimits();
  });

  const register = (fields: object = {}) =>
    harness.queue.registerWorker({
      ...TEST_WORKER,
      pid: 1,
      slots: 3,
      version: '1',
      ...fields,
    });
  const pause = (pipelineId?: string, until?: string) =>
    harness.service.pause({
      pipelineId,
      by: ALICE,
      request: { reason: 'upgrade', scheduledRuns: 'keep', until },
    });
  const list = async (limit = 50, pipelines: 'all' | string[] = 'all') => {
    const page = await harness.service.listRuns({ limit }, pipelines);
    return ListQueuedRunsResponseSchema.parse(page).items;
  };

  describe('why a queued run has not started', () => {
    const byAlice = {
      by: ALICE,
      since: expect.any(String),
      pauseReason: 'upgrade',
    };
    const future = '2999-01-01T00:00:00.000Z';

    /** Each makes a run wait for one thing more, the first reason last. */
    const reasons: [Waiting['reason'], object, () => Promise<unknown>][] = [
      ['slot', {}, () => register({ pipelineIds: ['a-keyed', 'b-limited'] })],
      [
        'key-limit',
        { active: 1, max: 1, key: 'k' },
        () => harness.claim(1, { pipelineIds: ['a-keyed'] }),
      ],
      [
        'pipeline-limit',
        { active: 1, max: 1 },
        () =>
          harness.service.syncLimits({
            pipelines: harness.definitions
              .list()
              .filter(({ id }) => id === 'a-keyed')
              .map(definition => ({
                ...definition,
                concurrency: { ...definition.concurrency, limit: 1 },
              })),
          }),
      ],
      [
        'queue-limit',
        { active: 1, max: 1 },
        () => harness.service.syncLimits({ total: 1, pipelines: [] }),
      ],
      [
        'no-worker',
        {},
        () =>
          harness.service.drain({
            workerId: TEST_WORKER.id,
            by: ALICE,
            drains: true,
          }),
      ],
      ['pipeline-paused', byAlice, () => pause('a-keyed')],
      [
        'queue-paused',
        { ...byAlice, until: future },
        () => pause(undefined, future),
      ],
      [
        'start-time',
        { until: future },
        () =>
          harness
            .knex('runs')
            .where({ state: 'queued' })
            .update({ run_at: future }),
      ],
      [
        'held',
        byAlice,
        async () => {
          const [id] = await harness
            .knex('runs')
            .where({ state: 'queued' })
            .pluck('id');
          return harness.queue.requestPause({
            runId: id,
            by: ALICE,
            reason: 'upgrade',
          });
        },
      ],
    ];

    it('is the first thing that keeps it, and nothing else', async () => {
      await harness.insert('a-keyed', { concurrency_key: 'k', priority: 1 });
      const runId = await harness.insert('a-keyed', { concurrency_key: 'k' });
      for (const [reason, details, wait] of reasons) {
        await wait();
        const waiting = await harness.service.waitingOf(runId);
        expect(waiting).toEqual({ reason, ...details });
        const row = (await list()).find(({ run }) => run.id === runId);
        expect(row?.waiting).toEqual(waiting);
      }
      expect(reasons.map(([reason]) => reason)).toHaveLength(
        new Set(reasons.map(([reason]) => reason)).size,
      );
    });

    it.each([
      ['silent', { heartbeat_at: new Date(0) }],
      ['stopping', { stopping_at: new Date() }],
      ['of other pipelines', { pipeline_ids: ['c-free'] }],
    ])('counts no worker that is %s', async (_, columns) => {
      const runId = await harness.insert('a-keyed');
      await register();
      expect(await harness.service.waitingOf(runId)).toEqual({
        reason: 'slot',
      });
      await harness.knex('workers').update(columns);
      expect(await harness.service.waitingOf(runId)).toEqual({
        reason: 'no-worker',
      });
    });

    it('is no pause of the whole queue for our own pipelines', async () => {
      await register();
      const runId = await harness.insert('ours');
      await pause();
      expect(await harness.service.waitingOf(runId)).toEqual({
        reason: 'slot',
      });
    });

    it('is not said of a run that is not queued, or that there is not', async () => {
      const runId = await insertRun(harness.knex, {
        pipeline_id: 'c-free',
        state: 'running',
      });
      expect(await harness.service.waitingOf(runId)).toBeUndefined();
      expect(
        await harness.service.waitingOf('019a0000-0000-7000-8000-000000000000'),
      ).toBeUndefined();
    });
  });

  describe('the list of queued runs', () => {
    it('goes over pages by urgency, with places that go on', async () => {
      const expected: [number, string][] = [];
      for (const priority of [5, 0, -5]) {
        for (const pipeline of ['a-keyed', 'b-limited', 'c-free']) {
          // Equal start times, which only the ids tell apart.
          const run_at = '2026-01-01T00:00:00.123456Z';
          const id = await harness.insert(pipeline, { priority, run_at });
          expected.push([priority, id]);
        }
      }
      await insertRun(harness.knex, {
        pipeline_id: 'c-free',
        state: 'running',
      });
      const seen: { id: string; position: number }[] = [];
      let cursor: string | undefined;
      do {
        const page = await harness.service.listRuns(
          { limit: 2, cursor },
          'all',
        );
        seen.push(
          ...page.items.map(({ run, position }) => ({ id: run.id, position })),
        );
        cursor = page.nextCursor;
      } while (cursor);

      expect(seen.map(({ position }) => position)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      expect(seen.map(({ id }) => id)).toEqual(expected.map(([, id]) => id));
      const claimed = await harness.claim(20);
      expect(claimed[0].lease.runId).toBe(seen[0].id);
    });

    it('has only runs of the given pipelines, and none that others execute', async () => {
      const mine = await harness.insert('c-free');
      await harness.insert('a-keyed');
      await insertRun(harness.knex, {
        pipeline_id: 'c-free',
        state: 'queued',
        origin: 'reported',
      });
      expect((await list(50, ['c-free'])).map(({ run }) => run.id)).toEqual([
        mine,
      ]);
      expect(await list(50, [])).toEqual([]);
      expect(await list()).toHaveLength(2);
    });

    it.each([
      ['garbage'],
      [Buffer.from('{"priority":1}').toString('base64url')],
      [
        Buffer.from(
          JSON.stringify({
            priority: 1,
            runAt: `2026-01-01' or true --`,
            id: '019a0000-0000-7000-8000-000000000000',
            position: 1,
          }),
        ).toString('base64url'),
      ],
    ])('refuses the cursor %s', async cursor => {
      await expect(
        harness.service.listRuns({ limit: 2, cursor }, 'all'),
      ).rejects.toThrow(InputError);
    });
  });

  describe('how the queue stands', () => {
    it('is counted per pipeline and in all', async () => {
      await register();
      await register({ id: 'drained', slots: 9 });
      await harness.service.drain({
        workerId: 'drained',
        by: ALICE,
        drains: true,
      });
      await harness.insert('b-limited');
      await harness.claim();
      await harness.insert('b-limited', {
        run_at: harness.knex.raw(`now() - interval '1 hour'`),
      });
      await harness.insert('b-limited', { run_at: '2999-01-01T00:00:00Z' });
      await harness.insert('ours');
      await pause('c-free');
      await harness.syncLimits(7);
      const queue = await harness.service.read('all');

      expect(QueueSchema.parse(queue)).toEqual(queue);
      expect(queue).toMatchObject({
        queued: 3,
        due: 2,
        running: 1,
        slots: 3,
        limit: 7,
        startedLastMinute: 1,
        pipelines: [
          {
            pipelineId: 'b-limited',
            title: 'B',
            queued: 2,
            due: 1,
            running: 1,
            limit: 1,
          },
          {
            pipelineId: 'c-free',
            title: 'C',
            owner: 'group:default/c',
            queued: 0,
            due: 0,
            running: 0,
            paused: { by: ALICE, scheduledRuns: 'keep' },
          },
        ],
      });
      expect(queue.oldestWaitMs).toBeGreaterThanOrEqual(3_600_000);
      expect(queue.oldestWaitMs).toBeLessThan(3_700_000);
      expect(queue.paused).toBeUndefined();
    });

    it('counts nothing of other pipelines', async () => {
      await harness.insertMany(3, 'c-free');
      await harness.claim();
      await pause();
      const queue = await harness.service.read(['a-keyed']);
      expect(queue).toEqual({
        asOf: expect.any(String),
        paused: expect.objectContaining({ by: ALICE }),
        queued: 0,
        due: 0,
        running: 0,
        slots: 0,
        startedLastMinute: 0,
        pipelines: [],
      });
    });
  });

  describe('clearing', () => {
    const clear = (
      request: Record<string, unknown> = {},
      pipelines: 'all' | string[] = 'all',
    ) =>
      harness.service.clear({
        request: { ...CLEAR, ...request },
        by: ALICE,
        pipelines,
        seen: 'all',
      });
    const queued = async () =>
      (await harness.knex('runs').where({ state: 'queued' })).length;

    it('cancels what is queued and says so, run by run and as a whole', async () => {
      const held = await harness.insert('c-free', {
        pause_requested_at: new Date(),
        pause_requested_by: ALICE,
      });
      await harness.insert('a-keyed', { priority: 7 });
      const [running] = await harness.claim();
      await harness.insert('b-limited', { trigger: 'schedule' });
      await harness.insert('ours');
      const answer = await clear({ reason: 'flood', expected: 1 });

      expect(answer).toEqual({ cancelled: 1, kept: 1 });
      expect(await harness.row(held)).toMatchObject({
        state: 'cancelled',
        cancel_requested_by: ALICE,
        cancel_reason: 'flood',
        pause_requested_at: null,
      });
      expect(await harness.eventsOf(held)).toEqual([`cancelled by ${ALICE}`]);
      expect(await harness.stateOf(running.lease.runId)).toBe('starting');
      expect(
        await harness.knex('queue_events').select('action', 'actor', 'reason'),
      ).toEqual([{ action: 'queue-cleared', actor: ALICE, reason: 'flood' }]);
      expect(await clear({ scheduledRuns: 'drop' })).toEqual({
        cancelled: 1,
        kept: 0,
      });
      expect(await queued()).toBe(1);
    });

    it('only counts when it is asked to, and changes nothing when the number is another', async () => {
      await harness.insertMany(3, 'c-free');
      expect(await clear({ dryRun: true })).toEqual({ cancelled: 3, kept: 0 });
      await expect(clear({ expected: 2 })).rejects.toThrow(ConflictError);
      await expect(clear({ expected: 2 })).rejects.toThrow(
        /^3 queued runs .* not the 2 /,
      );
      expect(await queued()).toBe(3);
      expect(await harness.knex('queue_events')).toEqual([]);
    });

    it('leaves other pipelines alone and counts them as kept', async () => {
      await harness.insert('a-keyed');
      await harness.insertMany(2, 'c-free');
      expect(await clear({}, ['c-free'])).toEqual({ cancelled: 2, kept: 1 });
    });

    it('cancels ten thousand at once, but no more', async () => {
      await harness.insertMany(10_001, 'c-free');
      await expect(clear()).rejects.toThrow(InputError);
      await expect(clear()).rejects.toThrow(/clear single pipelines/);
      await expect(clear({ dryRun: true })).rejects.toThrow(InputError);
      expect(await queued()).toBe(10_001);
      await harness.claim();
      expect(await clear({ expected: 10_000 })).toEqual({
        cancelled: 10_000,
        kept: 0,
      });
      expect(await queued()).toBe(0);
    });

    it('cancels a run or lets it be claimed, never both', async () => {
      await harness.insertMany(300, 'c-free');
      let isOver = false;
      const claims = Array.from({ length: 4 }, async () => {
        let claimed = 0;
        while (!isOver) {
          claimed += (await harness.claim(2)).length;
        }
        return claimed;
      });
      const { cancelled } = await clear();
      isOver = true;
      const claimed = (await Promise.all(claims)).reduce((a, b) => a + b, 0);
      expect(cancelled + claimed).toBe(300);
      const attempts = await harness
        .knex('run_attempts')
        .join('runs', 'runs.id', 'run_attempts.run_id')
        .where({ 'runs.state': 'cancelled' });
      expect(attempts).toEqual([]);
    });
  });
});
