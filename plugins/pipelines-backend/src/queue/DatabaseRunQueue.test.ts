import { ConflictError, NotFoundError } from '@backstage/errors';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { LeaseLostError, RunsService, type Lease } from '../runs';
import {
  claimOne,
  createTestDefinitions,
  TestDatabase,
  TEST_WORKER,
} from '../__testUtils__';
import { DatabaseRunQueue } from './DatabaseRunQueue';

const ALICE = 'user:default/alice';
const EXIT_0 = { end: { kind: 'exited', exitCode: 0 } } as const;
const KILLED = {
  end: { kind: 'signalled', signal: 'SIGTERM', stopped: true },
} as const;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('DatabaseRunQueue', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;

  beforeAll(async () => {
    database = await TestDatabase.create({ poolSize: 25 });
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'once' },
      { id: 'twice', maxAttempts: 2 },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    queue = new DatabaseRunQueue({ knex: database.knex });
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });
  beforeEach(async () => {
    await database.knex('runs').delete();
    await database.knex('workers').delete();
  });

  const submit = async (
    pipelineId = 'once',
    fields: { priority?: number; runAt?: string } = {},
  ) =>
    (
      await runs.submitRun({
        request: { pipelineId, parameters: {}, ...fields },
        actor: ALICE,
        trigger: 'manual',
      })
    ).id;
  const claim = (pipelineIds = ['once', 'twice']) =>
    claimOne(queue, pipelineIds);
  const startOne = async (pipelineId = 'once'): Promise<Lease> => {
    await submit(pipelineId);
    const lease = await claim();
    await queue.markRunning(lease, { pid: 1 });
    return lease;
  };
  const expire = () =>
    database
      .knex('runs')
      .whereNotNull('lease_token')
      .update({
        lease_expires_at: database.knex.raw(`now() - interval '2 seconds'`),
      });
  const stateOf = async (runId: string) => (await runs.getRun(runId)).state;
  const eventNames = async (runId: string) =>
    (await runs.listEvents(runId, { limit: 100 })).items
      .map(({ name }) => name)
      .reverse();

  describe('claim', () => {
    it('lets only one of twenty workers have a run', async () => {
      await submit();
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          queue.claim({
            worker: { ...TEST_WORKER, id: `w${i}` },
            pipelineIds: ['once'],
            limit: 1,
          }),
        ),
      );

      expect(claims.flat()).toHaveLength(1);
    });

    it('begins an attempt with its event and its lease', async () => {
      const runId = await submit();
      const lease = await claim();

      expect(lease).toMatchObject({ runId, pipelineId: 'once', attempt: 1 });
      expect(await runs.getRun(runId)).toMatchObject({
        state: 'starting',
        workerId: 'worker-a',
        attempt: 1,
      });
      expect(await runs.listAttempts(runId)).toEqual([
        expect.objectContaining({ state: 'starting', host: 'host-a' }),
      ]);
      expect(await eventNames(runId)).toEqual(['submitted', 'claimed']);
    });

    it('takes the most urgent first, and nothing before its time', async () => {
      const normal = await submit();
      const later = await submit('once', { runAt: '2099-01-01T00:00:00Z' });
      const urgent = await submit('once', { priority: 10 });
      const claimed = await queue.claim({
        worker: TEST_WORKER,
        pipelineIds: ['once'],
        limit: 10,
      });

      expect(claimed.map(({ lease }) => lease.runId)).toEqual([urgent, normal]);
      expect(await stateOf(later)).toBe('queued');
    });

    it('leaves pipelines alone that the worker does not know', async () => {
      await submit('twice');
      expect(
        await queue.claim({
          worker: TEST_WORKER,
          pipelineIds: ['once'],
          limit: 10,
        }),
      ).toEqual([]);
    });
  });

  describe('finish', () => {
    it('stores what happened, closes open steps and names the failed one', async () => {
      const lease = await startOne();
      const recorder = runs.recorderFor(lease, 'worker:a');
      await recorder.recordStep({ name: 'download', state: 'succeeded' });
      await recorder.recordStep({ name: 'load', state: 'running' });
      await recorder.recordStep({ name: 'sum', state: 'pending' });
      const state = await queue.finish(lease, {
        end: { kind: 'exited', exitCode: 3 },
      });

      expect(state).toBe('failed');
      const run = await runs.getRun(lease.runId);
      expect(run).toMatchObject({
        state: 'failed',
        error: { kind: 'exit', step: 'load', exitCode: 3 },
      });
      expect(run.workerId).toBeUndefined();
      expect(run.finishedAt).toBeDefined();
      expect(
        (await runs.listSteps(lease.runId, 1)).map(step => step.state),
      ).toEqual(['succeeded', 'failed', 'skipped']);
      expect(await runs.listAttempts(lease.runId)).toEqual([
        expect.objectContaining({ state: 'failed', exitCode: 3 }),
      ]);
      expect(await eventNames(lease.runId)).toEqual([
        'submitted',
        'claimed',
        'started',
        'failed',
      ]);
    });

    it('goes again while attempts are left, without passing a terminal state', async () => {
      const lease = await startOne('twice');
      await queue.finish(lease, { end: { kind: 'exited', exitCode: 1 } });
      expect(await stateOf(lease.runId)).toBe('queued');
      const second = await claim();
      await queue.markRunning(second, {});
      await queue.finish(second, { end: { kind: 'exited', exitCode: 1 } });

      expect(second.attempt).toBe(2);
      expect(await stateOf(lease.runId)).toBe('failed');
      expect(
        (await runs.listAttempts(lease.runId)).map(({ attempt }) => attempt),
      ).toEqual([2, 1]);
      const deltas = await database.knex('stats_deltas').select('state');
      expect(deltas.slice(-1)).toEqual([{ state: 'failed' }]);
    });

    it('can end a run as succeeded whose worker died before it said that it had started', async () => {
      const runId = await submit();
      const lease = await claim();

      expect(await queue.finish(lease, EXIT_0)).toBe('succeeded');
      expect(await eventNames(runId)).toEqual([
        'submitted',
        'claimed',
        'started',
        'succeeded',
      ]);
    });

    it('does not start a run again that could not be started', async () => {
      await submit('twice');
      const lease = await claim();
      await queue.finish(lease, {
        end: { kind: 'failed', message: 'no such file: nodde' },
        cause: 'spawn',
      });

      expect(await runs.getRun(lease.runId)).toMatchObject({
        state: 'failed',
        error: { kind: 'spawn', message: 'no such file: nodde' },
      });
    });
  });

  describe('release', () => {
    it('keeps attempts contiguous and does not count those it gave back', async () => {
      const runId = await submit();
      for (const attempt of [1, 2, 3]) {
        const lease = await claim();
        expect(lease.attempt).toBe(attempt);
        expect(await queue.release(lease)).toBe('queued');
      }
      const last = await claim();
      await queue.markRunning(last, {});
      await queue.finish(last, EXIT_0);

      expect(await runs.getRun(runId)).toMatchObject({
        state: 'succeeded',
        attempt: 4,
        maxAttempts: 4,
      });
      expect(
        (await runs.listAttempts(runId)).map(({ state }) => state),
      ).toEqual(['succeeded', 'released', 'released', 'released']);
    });

    it('ends a run that was cancelled meanwhile', async () => {
      const runId = await submit();
      const lease = await claim();
      await queue.requestCancel({ runId, by: ALICE });

      expect(await queue.release(lease)).toBe('cancelled');
    });

    it('does not start a run twice that may start only once', async () => {
      await submit();
      await queue.release(await claim());
      const lease = await claim();
      await queue.markRunning(lease, {});
      await queue.finish(lease, { ...KILLED, cause: 'stop' });

      expect(await stateOf(lease.runId)).toBe('lost');
    });
  });

  describe('requestCancel', () => {
    it('cancels a queued run at once, and it never starts', async () => {
      const runId = await submit();
      expect(
        await queue.requestCancel({ runId, by: ALICE, reason: 'not needed' }),
      ).toEqual({ id: runId, state: 'cancelled' });

      await expect(claim()).rejects.toThrow('No run is queued');
      expect(await runs.getRun(runId)).toMatchObject({
        state: 'cancelled',
        cancelRequest: { by: ALICE, reason: 'not needed', force: false },
      });
      expect(await eventNames(runId)).toEqual(['submitted', 'cancelled']);
    });

    it.each<[string, boolean]>([
      ['starting', false],
      ['running', true],
    ])('asks the worker of a run that is %s', async (_, running) => {
      const runId = await submit();
      const lease = await claim();
      if (running) {
        await queue.markRunning(lease, {});
      }
      expect((await queue.requestCancel({ runId, by: ALICE })).state).toBe(
        'cancelling',
      );

      expect(
        await queue.renew({ workerId: TEST_WORKER.id, leases: [lease] }),
      ).toEqual([
        {
          runId,
          token: lease.token,
          state: 'held',
          cancel: { force: false },
        },
      ]);
      await queue.markRunning(lease, {});
      expect(await stateOf(runId)).toBe('cancelling');
      expect(await queue.finish(lease, KILLED)).toBe('cancelled');
    });

    it.each<RunState>(['pausing', 'paused'])(
      'reaches a run that is %s',
      async state => {
        const { runId } = await startOne();
        await database.knex('runs').update({ state: 'pausing' });
        await database.knex('runs').update({ state });
        expect((await queue.requestCancel({ runId, by: ALICE })).state).toBe(
          'cancelling',
        );
      },
    );

    it('answers twenty who ask at once alike, and records each', async () => {
      const { runId } = await startOne();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          queue.requestCancel({ runId, by: `user:default/u${i}` }),
        ),
      );

      expect(new Set(answers.map(({ state }) => state))).toEqual(
        new Set(['cancelling']),
      );
      const { items } = await runs.listEvents(runId, { limit: 100 });
      const asked = items.filter(({ name }) => name === 'cancel-requested');
      expect(new Set(asked.map(({ actor }) => actor)).size).toBe(20);
      expect(asked.filter(({ kind }) => kind === 'transition')).toHaveLength(1);
    });

    it('keeps the first request and adds force when it is asked for', async () => {
      const lease = await startOne();
      await queue.requestCancel({ runId: lease.runId, by: ALICE });
      await queue.requestCancel({
        runId: lease.runId,
        by: 'user:default/bob',
        force: true,
      });
      await queue.requestCancel({ runId: lease.runId, by: ALICE });

      expect((await runs.getRun(lease.runId)).cancelRequest).toMatchObject({
        by: ALICE,
        force: true,
      });
      const [renewal] = await queue.renew({
        workerId: TEST_WORKER.id,
        leases: [lease],
      });
      expect(renewal.cancel).toEqual({ force: true });
    });

    it('leaves a run succeeded that had exited with 0 before, and remembers who asked', async () => {
      const lease = await startOne();
      await queue.requestCancel({ runId: lease.runId, by: ALICE });

      expect(await queue.finish(lease, EXIT_0)).toBe('succeeded');
      expect((await runs.getRun(lease.runId)).cancelRequest?.by).toBe(ALICE);
    });

    it('says again that a cancelled run is cancelled, and names how any other ended', async () => {
      const cancelled = await submit();
      await queue.requestCancel({ runId: cancelled, by: ALICE });
      expect(
        (await queue.requestCancel({ runId: cancelled, by: ALICE })).state,
      ).toBe('cancelled');

      const lease = await startOne();
      await queue.finish(lease, EXIT_0);
      const again = queue.requestCancel({ runId: lease.runId, by: ALICE });
      await expect(again).rejects.toThrow(ConflictError);
      await expect(again).rejects.toThrow(/ended as succeeded at 20/);
    });

    it('knows nothing of a run that there is not', async () => {
      await expect(
        queue.requestCancel({
          runId: '019a0000-0000-7000-8000-000000000000',
          by: ALICE,
        }),
      ).rejects.toThrow(NotFoundError);
    });
  });

  describe('sweep', () => {
    it('leaves leases alone that are not over by a second', async () => {
      const lease = await startOne('twice');
      await database.knex('runs').update({
        lease_expires_at: database.knex.raw(`now() - interval '500 ms'`),
      });

      expect(await queue.sweep()).toBe(0);
      expect(
        await queue.renew({ workerId: TEST_WORKER.id, leases: [lease] }),
      ).toEqual([expect.objectContaining({ state: 'held' })]);
    });

    it('lets a run go again while it has attempts, else ends it as lost', async () => {
      const once = await startOne('once');
      const twice = await startOne('twice');
      await expire();

      expect(await queue.sweep()).toBe(2);
      expect(await stateOf(twice.runId)).toBe('queued');
      expect(await runs.getRun(once.runId)).toMatchObject({
        state: 'lost',
        error: { kind: 'lost' },
      });
      expect(await runs.listAttempts(twice.runId)).toEqual([
        expect.objectContaining({ state: 'lost' }),
      ]);
    });

    it('ends each of 250 expired attempts once when three sweepers meet', async () => {
      await database.knex.raw(
        `insert into runs (id, pipeline_id, trigger, state, title, submitted_by)
         select gen_random_uuid(), 'once', 'manual', 'queued', 't', 'x' from generate_series(1, 250)`,
      );
      await queue.claim({
        worker: TEST_WORKER,
        pipelineIds: ['once'],
        limit: 250,
      });
      await expire();
      const swept = await Promise.all([1, 2, 3].map(() => queue.sweep()));

      expect(swept.reduce((a, b) => a + b)).toBe(250);
      expect(
        await database.knex('runs').where({ state: 'lost' }).select('id'),
      ).toHaveLength(250);
    });

    it('leaves an attempt for a while to a live worker of its host', async () => {
      await startOne();
      await queue.registerWorker({
        ...TEST_WORKER,
        id: 'worker-b',
        pid: 1,
        slots: 1,
        version: '1',
      });
      await expire();

      expect(await queue.sweep()).toBe(0);
      const longAgo = database.knex.raw(`now() - interval '17 seconds'`);
      await database.knex('runs').update({ lease_expires_at: longAgo });
      expect(await queue.sweep()).toBe(0);
      await database.knex('workers').update({ started_at: longAgo });
      expect(await queue.sweep()).toBe(1);
    });

    it('ends a run that was being cancelled as lost, since nobody saw it end', async () => {
      const lease = await startOne('twice');
      await queue.requestCancel({ runId: lease.runId, by: ALICE });
      await expire();
      await queue.sweep();

      expect(await stateOf(lease.runId)).toBe('lost');
    });
  });

  describe('adopt', () => {
    const adopter = { ...TEST_WORKER, id: 'worker-b' };
    const adopt = (options: Partial<Parameters<typeof queue.adopt>[0]> = {}) =>
      queue.adopt({
        worker: adopter,
        deadWorkerIds: [],
        heldTokens: [],
        pipelineIds: ['once', 'twice'],
        limit: 10,
        ...options,
      });

    it('gives the attempt of a dead worker a new token at once', async () => {
      const lease = await startOne();
      const [adopted] = await adopt({ deadWorkerIds: [TEST_WORKER.id] });

      expect(adopted).toMatchObject({
        lease: { runId: lease.runId, attempt: 1 },
        handle: { pid: 1 },
        logPosition: 0,
        formerWorkerId: TEST_WORKER.id,
      });
      expect(adopted.lease.token).not.toBe(lease.token);
      await expect(queue.finish(lease, EXIT_0)).rejects.toThrow(LeaseLostError);
      expect(await queue.finish(adopted.lease, EXIT_0)).toBe('succeeded');
    });

    it('takes nothing from the living, from other hosts, or of another boot before its time', async () => {
      await startOne();

      expect(await adopt()).toEqual([]);
      expect(
        await adopt({
          worker: { ...adopter, host: 'host-b' },
          deadWorkerIds: [TEST_WORKER.id],
        }),
      ).toEqual([]);
      const rebooted = { ...adopter, bootId: 'boot-b' };
      expect(
        await adopt({ worker: rebooted, deadWorkerIds: [TEST_WORKER.id] }),
      ).toEqual([]);
      await expire();
      expect(await adopt({ worker: rebooted })).toHaveLength(1);
    });

    it('takes back what the worker itself has lost, but nothing that it is using', async () => {
      const lease = await startOne();
      await expire();

      expect(
        await adopt({ worker: TEST_WORKER, heldTokens: [lease.token] }),
      ).toEqual([]);
      expect(await adopt({ worker: TEST_WORKER })).toHaveLength(1);
    });
  });

  it('renews leases and heartbeat while every connection of the pool is in use', async () => {
    const small = database.connect(1);
    const busy = new DatabaseRunQueue({ knex: small });
    const lease = await startOne();
    const blocker = await small.transaction();
    try {
      const renewals = await busy.renew({
        workerId: TEST_WORKER.id,
        leases: [lease],
      });
      expect(renewals).toEqual([expect.objectContaining({ state: 'held' })]);
    } finally {
      await blocker.rollback();
      await busy.close();
      await small.destroy();
    }
  });

  it('renews again after the database has dropped its connection', async () => {
    const lease = await startOne();
    const renew = () =>
      queue.renew({ workerId: TEST_WORKER.id, leases: [lease] });
    await renew();
    await database.breakConnections();

    await renew().catch(() => {});
    expect(await renew()).toEqual([expect.objectContaining({ state: 'held' })]);
  });
});
