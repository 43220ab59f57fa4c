import { InputError, NotFoundError } from '@backstage/errors';
import { TEST_WORKER, waitFor } from '../__testUtils__';
import { QueueHarness } from './__testUtils__/QueueHarness';
import type { DatabaseRunQueue } from './DatabaseRunQueue';

const ALICE = 'user:default/alice';
const PROCESSES = 4;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('pauses of the queue', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      processes: PROCESSES,
      pipelines: [
        { id: 'one' },
        { id: 'two', concurrency: { limit: 50 } },
        { id: 'ours', internal: true },
      ],
    });
  });
  afterAll(() => harness.drop());
  beforeEach(() => harness.clear());

  const pause = (
    fields: {
      pipelineId?: string;
      until?: string;
      reason?: string;
      scheduledRuns?: 'keep' | 'drop';
    } = {},
  ) => {
    const { pipelineId, ...request } = fields;
    return harness.service.pause({
      pipelineId,
      by: ALICE,
      request: { scheduledRuns: 'keep', ...request },
    });
  };
  const events = () =>
    harness
      .knex('queue_events')
      .orderBy('id')
      .then(rows =>
        rows.map(
          row => `${row.action} ${row.pipeline_id ?? '-'} by ${row.actor}`,
        ),
      );
  const inMs = async (ms: number): Promise<string> => {
    const { rows } = await harness.knex.raw(
      `select clock_timestamp() + ? * interval '1 millisecond' as at`,
      [ms],
    );
    return rows[0].at.toISOString();
  };

  it.each([
    ['of the whole queue', undefined],
    ['of a pipeline', 'two'],
  ])(
    'lets nothing start after a pause %s has committed, in a storm of claims',
    async (_, pipelineId) => {
      const scene = harness;
      for (let round = 0; round < 15; round++) {
        await scene.clear();
        await harness.insertMany(400, 'two');
        let isOver = false;
        let claims = 0;
        const claimOn = async (queue: DatabaseRunQueue, process: number) => {
          const worker = { ...TEST_WORKER, id: `w${process}` };
          while (!isOver) {
            await scene.claim(1, { queue, worker });
            claims++;
          }
        };
        const storm = harness.queues.flatMap((queue, process) =>
          Array.from({ length: 3 }, () => claimOn(queue, process)),
        );
        const enough = Math.random() * 40;
        await waitFor('some claims', () => claims > enough, { everyMs: 1 });
        await pause({ pipelineId });
        const claimsBefore = claims;
        await waitFor('more claims', () => claims > claimsBefore + 24);
        isOver = true;
        await Promise.all(storm);

        // Both times were taken under the lock, the one of a claim before that of the pause.
        const late = await harness
          .knex('run_events')
          .where({ name: 'claimed' })
          .whereRaw('at > (select paused_at from queue_pauses)');
        expect(late).toEqual([]);
        const { count } = (await harness
          .knex('runs')
          .where({ state: 'queued' })
          .count()
          .first())!;
        expect(Number(count)).toBeGreaterThan(0);
        await harness.knex('run_events').delete();
      }
    },
  );

  it('lets the other pipelines go on while one is paused, and all when it is resumed', async () => {
    await harness.insertMany(1_000, 'one', { priority: 10 });
    const other = await harness.insert('two');
    await pause({ pipelineId: 'one', reason: 'mending' });

    expect(await harness.claimIds(10)).toEqual([other]);
    await harness.service.resume({ pipelineId: 'one', by: ALICE });
    expect(await harness.claimIds(2)).toHaveLength(2);
    expect(await events()).toEqual([
      `pipeline-paused one by ${ALICE}`,
      `pipeline-resumed one by ${ALICE}`,
    ]);
  });

  it('lets our own pipelines go on while the whole queue is paused', async () => {
    await harness.insert('one');
    const ours = await harness.insert('ours');
    await pause();
    expect(await harness.claimIds(10)).toEqual([ours]);
  });

  it('ends by itself, and is put away with an event', async () => {
    await harness.insert('one');
    await pause({ until: await inMs(400) });
    await pause({ pipelineId: 'two', until: await inMs(100_000) });
    expect(await harness.claim()).toEqual([]);

    await waitFor('the pause to be over', async () => {
      return (await harness.claim()).length === 1;
    });
    expect((await harness.service.pauses()).queue).toBeUndefined();
    await harness.service.tidy();
    expect(await events()).toEqual([
      `queue-paused - by ${ALICE}`,
      `pipeline-paused two by ${ALICE}`,
      'queue-resumed - by system:queue',
    ]);
    expect(await harness.knex('queue_pauses').pluck('scope')).toEqual(['two']);
  });

  it('says who paused what, why, until when and what schedules do meanwhile; the newest holds', async () => {
    const until = await inMs(100_000);
    await pause({ reason: 'old' });
    await pause({ reason: 'new', until, scheduledRuns: 'drop' });
    await pause({ pipelineId: 'one' });
    const { queue, pipelines } = await harness.service.pauses();

    expect(queue).toEqual({
      by: ALICE,
      at: expect.any(String),
      reason: 'new',
      until,
      scheduledRuns: 'drop',
    });
    expect([...pipelines.keys()]).toEqual(['one']);
    expect(pipelines.get('one')).toEqual({
      by: ALICE,
      at: expect.any(String),
      scheduledRuns: 'keep',
    });
  });

  it('refuses a pause that would be over already, and changes nothing', async () => {
    await expect(pause({ until: await inMs(-1_000) })).rejects.toThrow(
      InputError,
    );
    expect(await events()).toEqual([]);
    expect((await harness.service.pauses()).queue).toBeUndefined();
  });

  it('changes nothing when what is not paused is resumed', async () => {
    await harness.service.resume({ by: ALICE });
    expect(await events()).toEqual([]);
  });

  it('tells every process of a pause and of its end, and workers to look again', async () => {
    const client = await harness.knex.client.acquireRawConnection();
    const heard: string[] = [];
    client.on('notification', ({ payload }: { payload: string }) =>
      heard.push(JSON.parse(payload).kind),
    );
    await client.query('listen millrace');
    await pause();
    await harness.service.resume({ by: ALICE });
    await waitFor('the messages', () => heard.length >= 4);
    await client.end();
    expect(heard).toEqual(['queue', 'queued', 'queue', 'queued']);
  });

  describe('of a worker', () => {
    const register = (id: string) =>
      harness.queue.registerWorker({
        ...TEST_WORKER,
        id,
        pid: 1,
        slots: 2,
        version: '1',
      });
    const claimAs = (id: string) =>
      harness.claim(1, { worker: { ...TEST_WORKER, id } });

    it('lets it claim nothing while it drains, also after it was registered again', async () => {
      await harness.insertMany(3, 'one');
      await register('a');
      await register('b');
      await harness.service.drain({ workerId: 'a', by: ALICE, drains: true });
      await harness.service.drain({ workerId: 'a', by: ALICE, drains: true });
      await register('a');

      expect(await claimAs('a')).toEqual([]);
      expect(await claimAs('b')).toHaveLength(1);
      const workers = await harness.service.listWorkers('all');
      expect(
        workers.map(({ id, state, drained }) => [id, state, drained?.by]),
      ).toEqual(
        expect.arrayContaining([
          ['a', 'draining', ALICE],
          ['b', 'active', undefined],
        ]),
      );

      await harness.service.drain({ workerId: 'a', by: ALICE, drains: false });
      expect(await claimAs('a')).toHaveLength(1);
      expect(await events()).toEqual([
        `worker-drained - by ${ALICE}`,
        `worker-undrained - by ${ALICE}`,
      ]);
    });

    it('refuses to drain a worker that there is not', async () => {
      await expect(
        harness.service.drain({ workerId: 'nobody', by: ALICE, drains: true }),
      ).rejects.toThrow(NotFoundError);
      expect(await events()).toEqual([]);
    });
  });
});
