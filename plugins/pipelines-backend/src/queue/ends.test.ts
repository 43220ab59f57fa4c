import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import { insertRun } from '../__testUtils__/insertRun';
import { EXIT_0, EXIT_1, QueueHarness } from './__testUtils__/QueueHarness';
import { MAX_WORKER_DEATHS } from './types';

const ALICE = 'user:default/alice';
const STOPPED = {
  end: { kind: 'signalled', signal: 'SIGTERM', stopped: true },
} as const;

/** Races of a cancel with an end. */
const RACES = 300;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('ends of attempts', () => {
  let harness: QueueHarness;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      processes: 2,
      pipelines: [
        {
          id: 'patient',
          maxAttempts: 10,
          queueTimeoutMs: 300_000,
          retry: { delayMs: 3_600_000, maxDelayMs: 3_600_000, onTimeout: true },
        },
        { id: 'hasty', maxAttempts: 10 },
        { id: 'once' },
      ],
    });
  });
  afterAll(() => harness.drop());
  beforeEach(() => harness.clear());

  const startOf = async (pipelineId: string) => {
    await harness.insert(pipelineId);
    return harness.start();
  };

  it('lets the next attempt wait for a random part of the delay, by the clock of the database', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      const lease = await startOf('patient');
      expect(await harness.queue.finish(lease, EXIT_1)).toBe('queued');
      const { rows } = await harness.knex.raw(
        `select extract(epoch from run_at - now()) * 1000 as wait,
           extract(epoch from queue_deadline - run_at) * 1000 as patience from runs where id = ?`,
        [lease.runId],
      );
      waits.push(Number(rows[0].wait));
      expect(Number(rows[0].patience)).toBeCloseTo(300_000, -3);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_600_000);
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(new Set(waits).size).toBe(5);
    expect(await harness.claim(10)).toEqual([]);
  });

  it('says in the event how long the next attempt waits', async () => {
    const lease = await startOf('patient');
    await harness.queue.finish(lease, EXIT_1);
    const event = await harness
      .knex('run_events')
      .where({ run_id: lease.runId, name: 'requeued' })
      .first();
    expect(JSON.parse(event.details)).toEqual({ delayMs: expect.any(Number) });
  });

  it('quarantines a run that takes its workers down, though attempts are left', async () => {
    const runId = await harness.insert('hasty');
    for (let death = 1; death <= MAX_WORKER_DEATHS; death++) {
      expect(await harness.row(runId)).toMatchObject({
        state: 'queued',
        worker_deaths: death - 1,
        quarantined_at: null,
      });
      const lease = await harness.start();
      expect(lease.attempt).toBe(death);
      await harness.expireLeases();
      expect(await harness.queue.sweep()).toBe(1);
    }
    expect(await harness.row(runId)).toMatchObject({
      state: 'lost',
      worker_deaths: MAX_WORKER_DEATHS,
      quarantined_at: expect.any(Date),
      error_message: expect.stringContaining('does not go again by itself'),
    });
    expect((await harness.eventsOf(runId)).at(-1)).toBe(
      'quarantined by system:sweeper',
    );
  });

  it('counts a worker as dead when another one of its host found that out', async () => {
    const { runId } = await startOf('hasty');
    const heir = { id: 'heir', host: 'host-a', bootId: 'boot-a' };
    const [adopted] = await harness.queue.adopt({
      worker: heir,
      deadWorkerIds: ['worker-a'],
      heldTokens: [],
      pipelineIds: ['hasty'],
      limit: 1,
    });
    await harness.queue.finish(adopted.lease, {
      end: { kind: 'lost', message: 'nobody knows' },
    });
    expect(await harness.row(runId)).toMatchObject({
      state: 'queued',
      worker_deaths: 1,
    });
  });

  it('tells a claimed and an adopted run at which step of which run it begins', async () => {
    const former = await insertRun(harness.knex, {
      pipeline_id: 'once',
      state: 'failed',
    });
    const resume = { step: 'encode', runId: former };
    await harness.insert('once', { retry_of: former, resume_from: 'encode' });
    await harness.insert('once', { retry_of: former, priority: -1 });
    const claimed = await harness.claim(2);
    expect(claimed.map(run => run.resume)).toEqual([resume, undefined]);

    const adopted = await harness.queue.adopt({
      worker: { id: 'heir', host: 'host-a', bootId: 'boot-a' },
      deadWorkerIds: ['worker-a'],
      heldTokens: [claimed[1].lease.token],
      pipelineIds: ['once'],
      limit: 2,
    });
    expect(adopted.map(run => run.resume)).toEqual([resume]);
  });

  it('ends a queued run that has waited too long, and never starts it late', async () => {
    const late = await harness.insert('once', {
      queue_deadline: '2026-01-01T00:00:00Z',
    });
    const held = await harness.insert('once', {
      queue_deadline: '2026-01-01T00:00:00Z',
      pause_requested_at: new Date(),
      pause_requested_by: ALICE,
    });
    const early = await harness.insert('once', {
      queue_deadline: '2999-01-01T00:00:00Z',
    });
    expect(await harness.claimIds(5)).toEqual([early]);

    expect(await harness.service.tidy()).toBe(2);
    expect(await harness.stateOf(held)).toBe('timed_out');
    expect(await harness.row(late)).toMatchObject({
      state: 'timed_out',
      error_kind: 'timeout',
      error_message:
        'It had not started by 2026-01-01T00:00:00Z, and may not wait in the queue for longer',
      finished_at: expect.any(Date),
    });
    expect(await harness.eventsOf(late)).toEqual([
      'timed_out by system:sweeper',
    ]);
  });

  it('ends hundreds of them once, also when two processes look at the same time', async () => {
    await harness.insertMany(250, 'once');
    await harness
      .knex('runs')
      .update({ queue_deadline: harness.knex.raw(`now() - interval '1 s'`) });
    const ended = await Promise.all([
      harness.service.tidy(),
      harness.service.tidy(),
    ]);
    expect(ended[0] + ended[1]).toBe(250);
    const events = await harness
      .knex('run_events')
      .where({ name: 'timed_out' });
    expect(events).toHaveLength(250);
  });

  it('refuses a row with a lease but without a heartbeat, and ends one all the same', async () => {
    const insert = () =>
      insertRun(harness.knex, {
        pipeline_id: 'once',
        state: 'running',
        heartbeat_at: null,
      });
    await expect(insert()).rejects.toThrow('runs_lease_is_whole');

    await harness.knex.raw(
      'alter table runs drop constraint runs_lease_is_whole, drop constraint runs_leased_has_token',
    );
    const byHand = [
      await insert(),
      await insertRun(harness.knex, {
        pipeline_id: 'once',
        state: 'starting',
        heartbeat_at: null,
        lease_expires_at: null,
      }),
      await insertRun(harness.knex, {
        pipeline_id: 'once',
        state: 'paused',
        lease_token: null,
        lease_owner: null,
        heartbeat_at: null,
        lease_expires_at: null,
      }),
      await insertRun(harness.knex, {
        pipeline_id: 'once',
        state: 'running',
        lease_expires_at: 'infinity',
        heartbeat_at: harness.knex.raw(`now() - interval '1 minute'`),
      }),
    ];
    // Nor need there be an attempt.
    await harness.knex('run_attempts').where({ run_id: byHand[1] }).delete();
    await harness
      .knex('runs')
      .where({ id: byHand[0] })
      .update({ lease_expires_at: harness.knex.raw(`now() - interval '1 h'`) });
    const alive = await insertRun(harness.knex, {
      pipeline_id: 'once',
      state: 'running',
    });

    expect(await harness.queue.sweep()).toBe(4);
    const states = await Promise.all(byHand.map(id => harness.stateOf(id)));
    expect(states).toEqual(['lost', 'lost', 'lost', 'lost']);
    expect(await harness.stateOf(alive)).toBe('running');
    await harness.clear();
    await harness.knex.raw(
      `alter table runs add constraint runs_lease_is_whole check (
         (lease_token is null) = (lease_owner is null)
         and (lease_token is null) = (lease_expires_at is null)
         and (lease_token is null or heartbeat_at is not null))`,
    );
  });

  it(`lets one of a cancel and an end win, ${RACES} times, and that is what really happened`, async () => {
    const [queue, other] = harness.queues;
    const wins = { succeeded: 0, cancelled: 0 };
    for (let race = 0; race < RACES; race++) {
      const lease = await startOf('once');
      const { runId } = lease;
      const wasSignalled = Math.random() < 0.5;
      const cancel = () =>
        other
          .requestCancel({ runId, by: ALICE })
          .then(({ state }) => state as string)
          .catch(({ name }) => name as string);
      // Whoever is signalled was asked to be cancelled before.
      const asked = wasSignalled ? await cancel() : undefined;
      const [state, answer] = await Promise.all([
        queue.finish(lease, wasSignalled ? STOPPED : EXIT_0),
        asked ?? cancel(),
      ]);
      expect(state).toBe(wasSignalled ? 'cancelled' : 'succeeded');
      expect(await harness.stateOf(runId)).toBe(state);
      expect(['cancelling', 'ConflictError']).toContain(answer);
      wins[state as keyof typeof wins]++;
      const terminal = await harness
        .knex('run_events')
        .where({ run_id: runId, kind: 'transition' });
      expect(
        terminal.filter(({ to_state }) => isTerminalRunState(to_state)),
      ).toHaveLength(1);
    }
    expect(wins.succeeded + wins.cancelled).toBe(RACES);
  });
});
