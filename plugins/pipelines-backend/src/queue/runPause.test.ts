import { ConflictError, NotFoundError } from '@backstage/errors';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { insertRun } from '../__testUtils__/insertRun';
import type { Lease } from '../runs';
import { EXIT_0, EXIT_1, QueueHarness } from './__testUtils__/QueueHarness';

const ALICE = 'user:default/alice';
const BOB = 'user:default/bob';
const CAPABILITIES = { cancel: true, logs: true, artifacts: true };
const STOPPED = {
  end: { kind: 'signalled', signal: 'SIGTERM', stopped: true },
} as const;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('pausing and resuming a run', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      pipelines: [
        {
          id: 'freezes',
          capabilities: { ...CAPABILITIES, pause: true },
          maxAttempts: 3,
        },
        {
          id: 'goes-on',
          capabilities: { ...CAPABILITIES, pause: false },
          maxAttempts: 3,
          retry: { delayMs: 60_000, maxDelayMs: 60_000, onTimeout: true },
        },
      ],
    });
  });
  afterAll(() => harness.drop());
  beforeEach(() => harness.clear());

  const pause = (runId: string, by = ALICE) =>
    harness.queue.requestPause({ runId, by, reason: 'a look' });
  const resume = (runId: string, by = BOB) =>
    harness.queue.requestResume({ runId, by });
  const renewalOf = async (lease: Lease) => {
    const [renewal] = await harness.queue.renew({
      workerId: 'worker-a',
      leases: [lease],
    });
    return renewal;
  };

  /** A queued run is over; one with a lease ends as its worker does what it is told. */
  const expectCancelled = async (lease: Lease | undefined) => {
    if (!lease) {
      return;
    }
    const renewal = await renewalOf(lease);
    expect(renewal).toMatchObject({ cancel: { force: false } });
    expect(renewal.pause).toBeUndefined();
    expect(await harness.queue.markPaused(lease)).toBe('cancelling');
    expect(await harness.queue.pauseFailed(lease, 'x')).toBe('cancelling');
    expect(await harness.queue.finish(lease, STOPPED)).toBe('cancelled');
  };
  const startOf = async (pipelineId: string) => {
    await harness.insert(pipelineId);
    return harness.start();
  };
  /** A run that stands still. */
  const freeze = async (): Promise<Lease> => {
    const lease = await startOf('freezes');
    await pause(lease.runId);
    await harness.queue.markPaused(lease);
    return lease;
  };

  it('holds a queued run, so that nobody claims it, until it is resumed', async () => {
    const runId = await harness.insert('freezes');
    expect(await pause(runId)).toEqual({ id: runId, state: 'queued' });
    expect(await harness.claim()).toEqual([]);

    expect(await resume(runId)).toEqual({ id: runId, state: 'queued' });
    expect(await harness.claimIds()).toEqual([runId]);
    expect(await harness.eventsOf(runId)).toEqual([
      `held by ${ALICE}`,
      `resumed by ${BOB}`,
      'claimed by worker:worker-a',
    ]);
  });

  it('makes a running run stand still as soon as its worker says so, and counts for how long', async () => {
    const lease = await startOf('freezes');
    const { runId } = lease;
    expect((await renewalOf(lease)).pause).toBeUndefined();
    expect(await pause(runId)).toEqual({ id: runId, state: 'pausing' });
    expect(await renewalOf(lease)).toMatchObject({
      state: 'held',
      pause: true,
    });
    expect(await harness.queue.markPaused(lease)).toBe('paused');
    expect(await harness.queue.markPaused(lease)).toBe('paused');
    expect(await renewalOf(lease)).toMatchObject({
      state: 'held',
      pause: true,
    });
    await harness
      .knex('runs')
      .where({ id: runId })
      .update({ paused_at: harness.knex.raw(`now() - interval '1 minute'`) });

    expect(await resume(runId)).toEqual({ id: runId, state: 'running' });
    expect((await renewalOf(lease)).pause).toBeUndefined();
    const row = await harness.row(runId);
    expect(row).toMatchObject({
      paused_at: null,
      pause_requested_at: null,
      pause_requested_by: null,
      pause_reason: null,
    });
    expect(Number(row.paused_ms)).toBeGreaterThanOrEqual(60_000);
    expect(Number(row.paused_ms)).toBeLessThan(90_000);
    expect(await harness.queue.finish(lease, EXIT_0)).toBe('succeeded');
    expect(await harness.eventsOf(runId)).toEqual([
      'claimed by worker:worker-a',
      'started by worker:worker-a',
      `pause-requested by ${ALICE}`,
      'paused by worker:worker-a',
      `resumed by ${BOB}`,
      'succeeded by worker:worker-a',
    ]);
  });

  it('pauses a run that is being started as soon as it runs, if it can be frozen', async () => {
    const runId = await harness.insert('freezes');
    const [{ lease }] = await harness.claim();
    expect(await pause(runId)).toEqual({ id: runId, state: 'starting' });
    await harness.queue.markRunning(lease, {});

    expect(await harness.stateOf(runId)).toBe('pausing');
    expect(await harness.queue.markPaused(lease)).toBe('paused');
    expect(await harness.eventsOf(runId)).toEqual([
      'claimed by worker:worker-a',
      `pause-requested by ${ALICE}`,
      'started by worker:worker-a',
      `pause-requested by ${ALICE}`,
      'paused by worker:worker-a',
    ]);
  });

  it('lets a run go on that cannot be frozen, and holds its next attempt', async () => {
    const lease = await startOf('goes-on');
    const { runId } = lease;
    expect(await pause(runId)).toEqual({ id: runId, state: 'running' });
    expect((await renewalOf(lease)).pause).toBeUndefined();
    expect(await harness.queue.finish(lease, EXIT_1)).toBe('queued');
    await harness
      .knex('runs')
      .where({ id: runId })
      .update({ run_at: harness.knex.fn.now() });
    expect(await harness.claim()).toEqual([]);

    await resume(runId);
    const again = await harness.start();
    expect(again.attempt).toBe(2);
    expect(await harness.row(runId)).toMatchObject({ paused_ms: '0' });
  });

  it('takes the word of who asks on whether a run can be frozen', async () => {
    const lease = await startOf('goes-on');
    const receipt = await harness.queue.requestPause({
      runId: lease.runId,
      by: ALICE,
      canFreeze: true,
    });
    expect(receipt.state).toBe('pausing');
  });

  it('lets a run go on that could not be made to stand still, and warns', async () => {
    const lease = await startOf('freezes');
    await pause(lease.runId);
    expect(await harness.queue.pauseFailed(lease, 'no signal')).toBe('running');

    expect((await renewalOf(lease)).pause).toBeUndefined();
    expect(await harness.row(lease.runId)).toMatchObject({
      state: 'running',
      pause_requested_at: null,
    });
    const warning = await harness
      .knex('run_events')
      .where({ run_id: lease.runId, kind: 'warning' })
      .first();
    expect(warning).toMatchObject({
      name: 'pause-failed',
      reason: 'no signal',
    });
  });

  it('changes and records nothing when it is asked a second time', async () => {
    const lease = await freeze();
    const queued = await harness.insert('freezes');
    await pause(queued);
    const before = await Promise.all([
      harness.row(lease.runId),
      harness.row(queued),
    ]);
    await pause(lease.runId, BOB);
    await pause(queued, BOB);
    expect(
      await Promise.all([harness.row(lease.runId), harness.row(queued)]),
    ).toEqual(before);

    await resume(queued);
    await resume(lease.runId);
    const after = await harness.row(queued);
    await resume(queued);
    expect(await harness.row(queued)).toEqual(after);
    expect(await resume(lease.runId)).toMatchObject({ state: 'running' });
  });

  it('stays held when its worker dies while it stands still, and goes again when it is resumed', async () => {
    const lease = await freeze();
    await harness.expireLeases();
    expect(await harness.queue.sweep()).toBe(1);

    const row = await harness.row(lease.runId);
    expect(row).toMatchObject({
      state: 'queued',
      paused_at: null,
      pause_requested_by: ALICE,
    });
    expect(await harness.claim()).toEqual([]);
    await resume(lease.runId);
    const again = await harness.start();
    expect(again).toMatchObject({ runId: lease.runId, attempt: 2 });
  });

  it.each<[string, () => Promise<{ runId: string; lease?: Lease }>]>([
    [
      'held',
      async () => {
        const runId = await harness.insert('freezes');
        await pause(runId);
        return { runId };
      },
    ],
    [
      'waiting for its next attempt',
      async () => {
        const lease = await startOf('goes-on');
        await harness.queue.finish(lease, EXIT_1);
        return { runId: lease.runId };
      },
    ],
    [
      'pausing',
      async () => {
        const lease = await startOf('freezes');
        await pause(lease.runId);
        return { runId: lease.runId, lease };
      },
    ],
    [
      'paused',
      async () => {
        const lease = await freeze();
        return { runId: lease.runId, lease };
      },
    ],
  ])('can be cancelled while it is %s', async (_, make) => {
    const { runId, lease } = await make();
    const { state } = await harness.queue.requestCancel({ runId, by: BOB });
    expect(state).toBe(lease ? 'cancelling' : 'cancelled');
    await expectCancelled(lease);
    await harness
      .knex('runs')
      .where({ id: runId })
      .update({ run_at: harness.knex.fn.now() });
    expect(await harness.claim()).toEqual([]);
    expect(await harness.row(runId)).toMatchObject({
      state: 'cancelled',
      pause_requested_at: null,
      paused_at: null,
      cancel_requested_by: BOB,
    });
  });

  it.each([
    ['succeeded', EXIT_0, 'succeeded'],
    ['failed', { end: { kind: 'exited', exitCode: 3 } } as const, 'queued'],
    [
      'timed out',
      {
        end: { kind: 'signalled', signal: 'SIGKILL', stopped: true },
        cause: 'timeout',
      } as const,
      'queued',
    ],
  ])(
    'ends as it really ended when it had %s before it stood still, or while it did',
    async (_, outcome, state) => {
      for (const confirms of [false, true]) {
        const lease = await startOf('freezes');
        await pause(lease.runId);
        if (confirms) {
          await harness.queue.markPaused(lease);
        }
        expect(await harness.queue.finish(lease, outcome)).toBe(state);
        await harness.clear();
      }
    },
  );

  it.each<RunState>(['succeeded', 'failed', 'timed_out', 'lost'])(
    'refuses both for a run that is %s, and says since when',
    async state => {
      const runId = await insertRun(harness.knex, {
        pipeline_id: 'freezes',
        state,
      });
      for (const ask of [pause, resume]) {
        await expect(ask(runId)).rejects.toThrow(ConflictError);
        await expect(ask(runId)).rejects.toThrow(
          new RegExp(`ended as ${state} at 20`),
        );
      }
    },
  );

  it('says who has cancelled a run that can be neither paused nor resumed any more', async () => {
    const queued = await harness.insert('freezes');
    await harness.queue.requestCancel({ runId: queued, by: BOB });
    const lease = await startOf('freezes');
    await harness.queue.requestCancel({ runId: lease.runId, by: BOB });
    for (const ask of [pause, resume]) {
      await expect(ask(queued)).rejects.toThrow(`was cancelled by ${BOB} at`);
      await expect(ask(lease.runId)).rejects.toThrow(
        new RegExp(`is being cancelled since 20.*, as ${BOB} asked`),
      );
    }
  });

  it('refuses to resume a run that does not stand still yet, and says who asked for that', async () => {
    const lease = await startOf('freezes');
    await pause(lease.runId);
    await expect(resume(lease.runId)).rejects.toThrow(
      new RegExp(`being paused, as ${ALICE} asked at 20`),
    );
    await expect(resume(lease.runId)).rejects.toThrow(ConflictError);
  });

  it('refuses both for a run that is executed elsewhere, or that there is not', async () => {
    const runId = await insertRun(harness.knex, {
      pipeline_id: 'freezes',
      state: 'queued',
      origin: 'reported',
    });
    for (const ask of [pause, resume]) {
      await expect(ask(runId)).rejects.toThrow('executed elsewhere');
      await expect(ask('019a0000-0000-7000-8000-000000000000')).rejects.toThrow(
        NotFoundError,
      );
    }
  });

  it('joins the transaction of its caller, and says which bulk action it is part of', async () => {
    const runId = await harness.insert('freezes');
    const bulkId = '019a0000-0000-7000-8000-000000000001';
    const request = { runId, by: ALICE, bulkId };
    await expect(
      harness.knex.transaction(async trx => {
        await harness.queue.requestPause(request, { trx });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await harness.row(runId)).toMatchObject({
      pause_requested_at: null,
    });

    await harness.knex.transaction(trx =>
      harness.queue.requestPause(request, { trx }),
    );
    const event = await harness
      .knex('run_events')
      .where({ run_id: runId, name: 'held' })
      .first();
    expect(JSON.parse(event.details)).toEqual({ bulkId });
  });

  it('tells the worker at once', async () => {
    const lease = await startOf('freezes');
    const client = await harness.knex.client.acquireRawConnection();
    const heard: string[] = [];
    client.on('notification', ({ payload }: { payload: string }) => {
      const message = JSON.parse(payload);
      if (message.runId === lease.runId) {
        heard.push(message.kind);
      }
    });
    await client.query('listen millrace');
    await pause(lease.runId);
    await harness.queue.markPaused(lease);
    await resume(lease.runId);
    await client.query('select 1');
    await client.end();
    expect(heard.filter(kind => kind === 'pause')).toHaveLength(2);
    expect(heard).toContain('state');
  });
});
