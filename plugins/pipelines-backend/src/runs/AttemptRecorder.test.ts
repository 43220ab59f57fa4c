import { DatabaseRunQueue } from '../queue';
import {
  claimOne,
  createTestDefinitions,
  TestDatabase,
} from '../__testUtils__';
import type { AttemptRecorder } from './AttemptRecorder';
import { RunsService } from './RunsService';
import { LeaseLostError, type Lease } from './types';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('AttemptRecorder', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  let lease: Lease;
  let recorder: AttemptRecorder;

  beforeAll(async () => {
    database = await TestDatabase.create();
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'ingest', maxAttempts: 2 },
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
    await runs.submitRun({
      request: { pipelineId: 'ingest', parameters: {} },
      actor: 'user:default/a',
      trigger: 'manual',
    });
    lease = await claimOne(queue, ['ingest']);
    recorder = runs.recorderFor(lease, 'worker:a');
  });

  const events = async (name: string) =>
    (await runs.listEvents(lease.runId, { limit: 200 })).items.filter(
      event => event.name === name,
    );

  it('keeps an event of a position once, however often it comes', async () => {
    const say = (position: number | undefined, reason: string) =>
      recorder.recordEvent({
        kind: 'runner',
        name: 'colour',
        reason,
        position,
      });
    await say(10, 'first');
    await say(25, 'second');
    await say(10, 'first');
    await say(25, 'second');
    await say(undefined, 'of the engine');
    await say(26, 'third');

    expect((await events('colour')).map(({ reason }) => reason)).toEqual([
      'third',
      'of the engine',
      'second',
      'first',
    ]);
  });

  it('keeps steps in the order of their first appearance', async () => {
    await recorder.recordStep({ name: 'download', state: 'running' });
    await recorder.recordStep({ name: 'load', state: 'pending' });
    await recorder.recordStep({ name: 'download', state: 'succeeded' });
    await recorder.recordStep({
      name: 'load',
      state: 'running',
      message: 'row 1',
    });

    const steps = await runs.listSteps(lease.runId, 1);
    expect(steps).toEqual([
      expect.objectContaining({
        position: 0,
        name: 'download',
        state: 'succeeded',
        startedAt: expect.any(String),
        finishedAt: expect.any(String),
      }),
      expect.objectContaining({
        position: 1,
        name: 'load',
        state: 'running',
        message: 'row 1',
      }),
    ]);
    expect(steps[1].finishedAt).toBeUndefined();
    expect((await runs.getRun(lease.runId)).currentStep).toBe('load');
  });

  it('keeps the first line of a step that runs again, and tells none of one whose start has none', async () => {
    const linesOf = () =>
      database
        .knex('run_steps')
        .orderBy('position')
        .select('first_line', 'end_line');
    const lines = (log_lines: number) =>
      database.knex('run_attempts').update({ log_lines });
    await recorder.recordStep({ name: 'counted', state: 'pending' });
    await recorder.recordStep({ name: 'older', state: 'running' });
    await database.knex('run_steps').update({ first_line: null });
    await lines(3);
    await recorder.recordStep({ name: 'counted', state: 'running' });
    await lines(5);
    await recorder.recordStep({ name: 'counted', state: 'failed' });
    await recorder.recordStep({ name: 'older', state: 'succeeded' });
    expect(await linesOf()).toEqual([
      { first_line: '3', end_line: '5' },
      { first_line: null, end_line: '5' },
    ]);
    await recorder.recordStep({ name: 'counted', state: 'running' });
    expect((await linesOf())[0]).toEqual({ first_line: '3', end_line: null });
  });

  it('names no current step between two steps', async () => {
    await recorder.recordStep({ name: 'download', state: 'running' });
    await recorder.recordStep({ name: 'download', state: 'succeeded' });

    expect((await runs.getRun(lease.runId)).currentStep).toBeUndefined();
  });

  it('warns once of more steps than are kept, and still updates those it has', async () => {
    await database.knex('run_steps').insert(
      Array.from({ length: 1_000 }, (_, position) => ({
        run_id: lease.runId,
        attempt: 1,
        position,
        name: `s${position}`,
        state: 'running',
      })),
    );
    await recorder.recordStep({ name: 'more', state: 'running' });
    await recorder.recordStep({ name: 'even more', state: 'running' });
    await recorder.recordStep({ name: 's999', state: 'succeeded' });

    const steps = await runs.listSteps(lease.runId, 1);
    expect(steps).toHaveLength(1_000);
    expect(steps[999].state).toBe('succeeded');
    expect(await events('steps-limit')).toHaveLength(1);
  });

  it('keeps progress within 0 and 1, and text without NUL', async () => {
    await recorder.recordProgress(7.5, 'a\0b \ud800');
    expect(await runs.getRun(lease.runId)).toMatchObject({
      progress: 1,
      progressMessage: 'ab \uFFFD',
    });
    await recorder.recordProgress(NaN);
    expect((await runs.getRun(lease.runId)).progress).toBe(0);
  });

  it('keeps outputs as they are, even with what jsonb refuses', async () => {
    const value = { a: 'x\0', b: '\ud800', c: [1, null] };
    await recorder.recordOutput('result', { old: true });
    await recorder.recordOutput('result', value);

    expect(await runs.listOutputs(lease.runId)).toEqual([
      expect.objectContaining({ attempt: 1, name: 'result', json: value }),
    ]);
  });

  it('warns of an output that is too large and of too many outputs', async () => {
    await recorder.recordOutput('large', 'x'.repeat(1024 * 1024));
    for (let i = 0; i < 102; i++) {
      await recorder.recordOutput(`o${i}`, i);
    }

    expect(await runs.listOutputs(lease.runId)).toHaveLength(100);
    expect(await events('output-too-large')).toHaveLength(1);
    expect(await events('outputs-limit')).toHaveLength(1);
  });

  it('keeps at most 8 MiB of outputs, and lets one that is there shrink', async () => {
    const nearlyOne = 'x'.repeat(1000 * 1024);
    for (let i = 0; i < 10; i++) {
      await recorder.recordOutput(`o${i}`, nearlyOne);
    }
    expect(await runs.listOutputs(lease.runId)).toHaveLength(8);
    expect(await events('outputs-limit')).toHaveLength(1);
    await recorder.recordOutput('o0', 'short');
    await recorder.recordOutput('o8', nearlyOne);
    const outputs = await runs.listOutputs(lease.runId);
    expect(outputs.map(({ name }) => name)).toContain('o8');
    expect(outputs.find(({ name }) => name === 'o0')?.json).toBe('short');
  });

  it('keeps the newest value of each metric', async () => {
    await recorder.recordMetrics({ fps: 20, speed: 1.5 });
    await recorder.recordMetrics({ fps: 25, broken: NaN });

    const { metrics } = await runs.getRun(lease.runId);
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['fps', 25],
      ['speed', 1.5],
    ]);
  });

  it('keeps a thousand events of a runner, then a marker, then no more', async () => {
    const details = { type: 'note', text: 'x' };
    await database.knex.raw(
      `insert into run_events (run_id, seq, kind, name, actor)
       select ?, seq, 'runner', 'note', 'worker:a' from generate_series(3, 998) seq`,
      [lease.runId],
    );
    await database.knex('runs').update({ event_seq: 998 });
    for (let i = 0; i < 10; i++) {
      await recorder.recordEvent({ kind: 'runner', name: 'note', details });
    }
    const other = runs.recorderFor(lease, 'worker:a');
    await other.recordEvent({ kind: 'warning', name: 'late' });

    const { rows } = await database.knex.raw(
      `select name, count(*)::integer as n from run_events where run_id = ?
        and kind in ('runner', 'warning') group by 1 order by 1`,
      [lease.runId],
    );
    expect(rows).toEqual([
      { name: 'events-limit', n: 1 },
      { name: 'note', n: 1_000 },
    ]);
  });

  it('changes nothing once the lease is over, whatever is written', async () => {
    await recorder.recordStep({ name: 'download', state: 'running' });
    await database.knex('runs').update({
      lease_expires_at: new Date(Date.now() - 60_000),
    });
    expect(await queue.sweep()).toBe(1);
    const fresh = await claimOne(queue, ['ingest']);
    expect(fresh.attempt).toBe(2);
    const dump = async () =>
      JSON.stringify(
        await Promise.all(
          [
            'runs',
            'run_attempts',
            'run_steps',
            'run_outputs',
            'run_events',
          ].map(table => database.knex(table).select().orderBy(1)),
        ),
      );
    const before = await dump();

    const writes: (() => Promise<unknown>)[] = [
      () => recorder.recordStep({ name: 'download', state: 'failed' }),
      () => recorder.recordStep({ name: 'other', state: 'running' }),
      () => recorder.recordProgress(0.5),
      () => recorder.recordOutput('result', 1),
      () => recorder.recordMetrics({ fps: 1 }),
      () => recorder.recordSummary('done'),
      () => recorder.recordEvent({ kind: 'warning', name: 'warning' }),
      () => queue.markRunning(lease, { pid: 1 }),
      () => queue.finish(lease, { end: { kind: 'exited', exitCode: 0 } }),
      () => queue.release(lease),
    ];
    for (const write of writes) {
      await expect(write()).rejects.toThrow(LeaseLostError);
    }

    expect(await dump()).toBe(before);
    expect(
      await queue.renew({ workerId: 'worker-a', leases: [lease, fresh] }),
    ).toMatchObject([{ state: 'lost' }, { state: 'held' }]);
  });
});
