import { InputError } from '@backstage/errors';
import { mockServices } from '@backstage/backend-test-utils';
import type { LogBatch } from '@millrace/backstage-plugin-pipelines-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseLiveService } from '../live';
import { DatabaseRunQueue, type RunQueue } from '../queue';
import { LeaseLostError, RunsService } from '../runs';
import type { DefinitionsService } from '../definitions';
import {
  claimOne,
  createTestDefinitions,
  FakeEngine,
  TestDatabase,
  waitFor,
} from '../__testUtils__';
import { readHostIdentity } from './hostIdentity';
import type { AttemptFile } from './types';
import { Worker, type WorkerOptions } from './Worker';

const ALICE = 'user:default/alice';
const PIPELINES = ['once', 'twice', 'short'];
const PAUSABLE = { cancel: true, pause: true, logs: true, artifacts: true };

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('Worker', () => {
  let database: TestDatabase;
  let definitions: DefinitionsService;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  let engine: FakeEngine;
  let workers: Worker[];
  let shutdown: (() => void | Promise<void>)[];
  let stored: { runId: string; text: string }[];
  let cleaned: string[];
  let storeFile: (file: AttemptFile) => Promise<void>;
  const logger = mockServices.logger.mock();

  beforeAll(async () => {
    database = await TestDatabase.create();
    definitions = await createTestDefinitions(database.knex, [
      { id: 'once' },
      { id: 'twice', maxAttempts: 2 },
      { id: 'short', timeoutMs: 100 },
      { id: 'pausable', capabilities: PAUSABLE },
      { id: 'ours', internal: true },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.knex('runs').delete();
    await database.knex('workers').delete();
    queue = new DatabaseRunQueue({ knex: database.knex });
    engine = new FakeEngine();
    workers = [];
    shutdown = [];
    stored = [];
    cleaned = [];
    storeFile = async () => {};
  });
  afterEach(async () => {
    engine.executions.forEach(execution => execution.exit());
    await Promise.all(workers.map(worker => worker.stop()));
    await Promise.all(shutdown.map(hook => hook()));
    await queue.close();
  });

  async function startWorker(
    options: Partial<WorkerOptions> = {},
  ): Promise<Worker> {
    const live = DatabaseLiveService.create({
      knex: database.knex,
      logger,
      lifecycle: { addShutdownHook: hook => shutdown.push(hook) },
    });
    const worker = await Worker.create({
      queue,
      runs,
      definitions,
      engines: { get: () => engine },
      logs: {
        append: async (lease, batch) => {
          for (const line of batch.lines) {
            stored.push({
              runId: lease.runId,
              text: Buffer.from(line.bytes).toString(),
            });
          }
        },
        finish: async () => {},
      },
      artifacts: {
        store: (_, file) => storeFile(file),
        materialize: async () => {},
      },
      secrets: {
        reveal: async ({ parameters }) => ({ parameters, secretValues: [] }),
      },
      live,
      logger,
      slots: () => 2,
      stopWaitMs: 200,
      version: '1.0.0',
      cleanUp: async ({ runId, attempt }) => {
        cleaned.push(`${runId}.${attempt}`);
      },
      resumeFolderOf: ({ runId }) => `/resume/${runId}`,
      ...options,
    });
    await waitFor('live updates', () => live.connected);
    worker.start();
    workers.push(worker);
    return worker;
  }
  const submit = async (pipelineId = 'once') =>
    (
      await runs.submitRun({
        request: { pipelineId, parameters: { n: 1 } },
        actor: ALICE,
        trigger: 'manual',
      })
    ).id;
  const reaches = (runId: string, state: string) =>
    waitFor(`run ${runId} to be ${state}`, async () => {
      const run = await runs.getRun(runId);
      return run.state === state ? run : undefined;
    });
  const eventsOf = async (runId: string) =>
    (await runs.listEvents(runId, { limit: 200 })).items;
  const batch = (text: string, position: number): LogBatch => ({
    lines: [{ stream: 'stdout', bytes: Buffer.from(text) }],
    position,
  });

  it('executes a run and stores all that it says before its end', async () => {
    await startWorker();
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    const { sink, parameters, idempotencyKey } = execution.context;
    expect({ parameters, idempotencyKey }).toEqual({
      parameters: { n: 1 },
      idempotencyKey: runId,
    });
    await sink.log(batch('hello\n', 6));
    await sink.message({ type: 'step', name: 'load', status: 'running' });
    for (let i = 0; i <= 100; i++) {
      await sink.message({ type: 'progress', progress: i / 100 });
      await sink.message({ type: 'metric', name: 'rows', value: i });
    }
    await sink.message({ type: 'output', name: 'count', json: { rows: 100 } });
    await sink.message({ type: 'summary', text: '100 rows' });
    await sink.message({ type: 'other', body: { type: 'colour', of: 'sky' } });
    execution.exit();

    const run = await reaches(runId, 'succeeded');
    expect(run).toMatchObject({
      progress: 1,
      summary: '100 rows',
      metrics: [{ name: 'rows', value: 100 }],
    });
    expect(stored).toEqual([{ runId, text: 'hello\n' }]);
    expect(await runs.listOutputs(runId)).toMatchObject([
      { name: 'count', json: { rows: 100 } },
    ]);
    expect(await eventsOf(runId)).toContainEqual(
      expect.objectContaining({
        kind: 'runner',
        name: 'colour',
        details: { type: 'colour', of: 'sky' },
      }),
    );
    await waitFor('the folder to be removed', () => cleaned.length);
    expect(cleaned).toEqual([`${runId}.1`]);
  });

  it('starts each run once, in no more than its slots, though there are more workers', async () => {
    const runIds = await Promise.all(
      Array.from({ length: 12 }, () => submit()),
    );
    let running = 0;
    let most = 0;
    engine.beforeStart = async () => {
      running += 1;
      most = Math.max(most, running);
    };
    await Promise.all([startWorker(), startWorker()]);
    // In whatever order they come: runs that were submitted at once have none.
    const executionAt = (index: number) =>
      waitFor('one more start', () => engine.executions[index]);
    for (let ended = 0; ended < runIds.length; ended++) {
      const execution = await executionAt(ended);
      running -= 1;
      execution.exit();
    }
    await Promise.all(runIds.map(runId => reaches(runId, 'succeeded')));

    expect(engine.starts).toBe(12);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('executes runs of our own pipelines though every slot is taken, and takes no slot for them', async () => {
    await startWorker({ slots: () => 1 });
    await engine.executionOf(await submit());
    const ours = [await submit('ours'), await submit('ours')];
    await Promise.all(ours.map(runId => engine.executionOf(runId)));

    const next = await submit();
    engine.executions[0].exit();
    await engine.executionOf(next);
    expect(engine.starts).toBe(4);
  });

  it('executes more at once when its slots are raised, and ends nothing when they are lowered', async () => {
    let slots = 1;
    await startWorker({ slots: () => slots });
    const first = await submit();
    await engine.executionOf(first);
    const second = await submit();
    slots = 2;
    await database.knex.raw(`notify millrace, '{"kind":"settings"}'`);
    const execution = await engine.executionOf(second);

    slots = 1;
    const third = await submit();
    await database.knex.raw(`notify millrace, '{"kind":"settings"}'`);
    execution.exit();
    await reaches(second, 'succeeded');
    expect(engine.starts).toBe(2);
    expect((await runs.getRun(third)).state).toBe('queued');
    (await engine.executionOf(first)).exit();
    await engine.executionOf(third);
  });

  it('tells the queue how many slots it has by now', async () => {
    let slots = 1;
    await startWorker({ slots: () => slots });
    const shown = (wanted: number) =>
      waitFor(`${wanted} slots to be shown`, () =>
        database.knex('workers').where({ slots: wanted }).first(),
      );
    await shown(1);
    slots = 5;
    await shown(5);
    expect(await database.knex('workers').pluck('slots')).toEqual([5]);
  });

  it('hands the engine the real parameters, and what is secret in them', async () => {
    await startWorker({
      secrets: {
        reveal: async ({ parameters }, schema) => ({
          parameters: { ...parameters, schema: schema.type },
          secretValues: ['s3cret'],
        }),
      },
    });
    const execution = await engine.executionOf(await submit());
    expect(execution.context).toMatchObject({
      parameters: { n: 1, schema: 'object' },
      secretValues: ['s3cret'],
    });
  });

  it('does not start a run whose secrets are gone, and says so', async () => {
    await startWorker({
      secrets: {
        reveal: async () => {
          throw new Error('The key is not configured any more');
        },
      },
    });
    expect(await reaches(await submit('twice'), 'failed')).toMatchObject({
      attempt: 1,
      error: { kind: 'spawn', message: 'The key is not configured any more' },
    });
    expect(engine.starts).toBe(0);
  });

  describe('for a run that begins at a step', () => {
    let earlier: string;

    async function submitResumed(): Promise<string> {
      earlier = await submit('once');
      (await engine.executionOf(earlier)).exit(1);
      await reaches(earlier, 'failed');
      const runId = (
        await runs.submitRun({
          request: {
            pipelineId: 'once',
            parameters: {},
            runAt: new Date(Date.now() + 3_600_000).toISOString(),
          },
          actor: ALICE,
          trigger: 'manual',
        })
      ).id;
      await database
        .knex('runs')
        .where({ id: runId })
        .update({
          resume_from: 'load',
          retry_of: earlier,
          run_at: database.knex.raw('now()'),
        });
      await database.knex.raw(`notify millrace, '{"kind":"queued"}'`);
      return runId;
    }
    const artifactsWith = (
      materialize: WorkerOptions['artifacts']['materialize'],
    ) => ({
      artifacts: { store: async () => {}, materialize },
    });

    it('lays out what the run before had made, and starts it then', async () => {
      const order: string[] = [];
      engine.beforeStart = async ({ resume }) => {
        order.push(resume ? `start at ${resume.step}` : 'start');
      };
      await startWorker(
        artifactsWith(async (runId, folder) => {
          order.push(`${runId === earlier} ${folder}`);
        }),
      );
      const runId = await submitResumed();
      const { context } = await engine.executionOf(runId);

      expect(context.resume).toEqual({
        step: 'load',
        runId: earlier,
        artifactsFolder: `/resume/${runId}`,
      });
      expect(order).toEqual([
        'start',
        `true /resume/${runId}`,
        'start at load',
      ]);
    });

    it('says what is missing, and starts nothing', async () => {
      await startWorker(
        artifactsWith(async () => {
          throw new Error(`The file of artifact 'film.mp4' is gone`);
        }),
      );
      expect(await reaches(await submitResumed(), 'failed')).toMatchObject({
        error: { message: `The file of artifact 'film.mp4' is gone` },
      });
      expect(engine.starts).toBe(1);
    });

    it('stops laying out what nobody needs because the run is cancelled', async () => {
      let isStopped = false;
      await startWorker(
        artifactsWith(
          (_, __, { signal }) =>
            new Promise((___, reject) => {
              signal.addEventListener('abort', () => {
                isStopped = true;
                reject(signal.reason);
              });
            }),
        ),
      );
      const runId = await submitResumed();
      await reaches(runId, 'starting');
      await queue.requestCancel({ runId, by: ALICE });

      await reaches(runId, 'cancelled');
      expect(isStopped).toBe(true);
      expect(engine.starts).toBe(1);
    });
  });

  it('says why a run could not be made to stand still, and lets it go on', async () => {
    await startWorker();
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await reaches(runId, 'running');
    execution.onPause = async paused => {
      if (paused) {
        throw new Error('1 of its 2 processes did not stop within 5 s');
      }
    };
    await queue.requestPause({ runId, by: ALICE, canFreeze: true });

    await waitFor('the warning', async () =>
      (
        await eventsOf(runId)
      ).find(
        ({ name, reason }) =>
          name === 'pause-failed' && reason?.includes('1 of its 2'),
      ),
    );
    expect((await runs.getRun(runId)).state).toBe('running');
    expect(execution.pauses).toEqual([true, false]);

    execution.onPause = async () => {};
    await queue.requestPause({ runId, by: ALICE, canFreeze: true });
    await reaches(runId, 'paused');
    await queue.requestResume({ runId, by: ALICE });
    await waitFor('it to go on', () => execution.pauses.at(-1) === false);
    expect(execution.pauses).toEqual([true, false, true, false]);
  });

  it('lets a run stand still as soon as it runs when that was asked for before', async () => {
    const freezing = new DatabaseRunQueue({ knex: database.knex, definitions });
    shutdown.push(() => freezing.close());
    await startWorker({ queue: freezing });
    let begin!: () => void;
    const held = new Promise<void>(resolve => {
      begin = resolve;
    });
    engine.beforeStart = () => held;
    const runId = await submit('pausable');
    await waitFor('the start', () => engine.starts);
    await freezing.requestPause({ runId, by: ALICE });
    expect((await runs.getRun(runId)).state).toBe('starting');
    begin();

    await reaches(runId, 'paused');
    expect(engine.executions[0].pauses).toEqual([true]);
  });

  it('goes again by the definition, as the next attempt', async () => {
    await startWorker();
    const runId = await submit('twice');
    (await engine.executionOf(runId)).exit(1);
    (await engine.executionOf(runId, 2)).exit(0);

    await reaches(runId, 'succeeded');
    expect(cleaned).toContain(`${runId}.1`);
  });

  it('tells the engine of a cancel at once, and of force after it', async () => {
    await startWorker();
    engine.ignoresPoliteEnd = true;
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await reaches(runId, 'running');
    const asked = performance.now();
    await queue.requestCancel({ runId, by: ALICE });
    await waitFor('the polite end', () => execution.cancels.length);
    expect(execution.cancels[0].force).toBe(false);
    expect(execution.cancels[0].at - asked).toBeLessThan(1_000);

    await queue.requestCancel({ runId, by: ALICE });
    await queue.requestCancel({ runId, by: ALICE, force: true });
    await reaches(runId, 'cancelled');
    expect(execution.cancels.map(({ force }) => force)).toEqual([false, true]);
  });

  it('cancels a run while it is being started', async () => {
    await startWorker();
    let begin!: () => void;
    const held = new Promise<void>(resolve => {
      begin = resolve;
    });
    engine.beforeStart = () => held;
    const runId = await submit();
    await waitFor('the start', () => engine.starts);
    await queue.requestCancel({ runId, by: ALICE });
    begin();

    await reaches(runId, 'cancelled');
    expect(engine.executions[0].cancels).toHaveLength(1);
  });

  it('ends a run that takes longer than it may', async () => {
    await startWorker();
    const runId = await submit('short');

    expect(await reaches(runId, 'timed_out')).toMatchObject({
      error: { kind: 'timeout' },
    });
    expect(await eventsOf(runId)).toContainEqual(
      expect.objectContaining({ kind: 'warning', name: 'timeout' }),
    );
  });

  it('does not try again what could not be started', async () => {
    await startWorker();
    engine.beforeStart = async () => {
      throw new Error('There is no program nodde');
    };
    const runId = await submit('twice');

    expect(await reaches(runId, 'failed')).toMatchObject({
      attempt: 1,
      error: { kind: 'spawn', message: 'There is no program nodde' },
    });
    expect(engine.starts).toBe(1);
  });

  it('waits for a start only so long, and ends one that comes too late', async () => {
    await startWorker({ spawnWaitMs: 50 });
    let begin!: () => void;
    const held = new Promise<void>(resolve => {
      begin = resolve;
    });
    engine.beforeStart = () => held;
    const runId = await submit('once');
    expect(await reaches(runId, 'timed_out')).toMatchObject({
      error: { kind: 'timeout' },
    });
    begin();

    const late = await engine.executionOf(runId);
    await waitFor('the late start to be ended', () => late.cancels.length);
    expect(late.cancels[0].force).toBe(true);
  });

  async function executeWithArtifact(): Promise<string> {
    await startWorker();
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await execution.context.sink.message({
      type: 'artifact',
      path: '/a/film.mp4',
      name: 'film.mp4',
    });
    execution.exit();
    return runId;
  }

  it('makes a warning of a file that is refused', async () => {
    storeFile = async ({ name }) => {
      throw new InputError(`'${name}' is larger than the limit`);
    };
    const runId = await executeWithArtifact();

    await reaches(runId, 'succeeded');
    expect(await eventsOf(runId)).toContainEqual(
      expect.objectContaining({
        kind: 'warning',
        reason: expect.stringContaining(`'film.mp4' is larger than the limit`),
      }),
    );
  });

  it('fails a run whose file cannot be kept, though its command has ended well', async () => {
    storeFile = async () => {
      throw new Error('ENOSPC: no space left on device');
    };
    const runId = await executeWithArtifact();

    expect(await reaches(runId, 'failed')).toMatchObject({
      error: {
        message: `Artifact 'film.mp4' could not be kept (ENOSPC: no space left on device)`,
      },
    });
  });

  it('ends by force what it has no lease of any more, and writes nothing', async () => {
    await startWorker();
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await reaches(runId, 'running');
    const other = await readHostIdentity();
    await database.knex('runs').update({
      lease_expires_at: database.knex.raw(`now() - interval '2 seconds'`),
    });
    const [adopted] = await queue.adopt({
      worker: { ...other, id: 'other' },
      deadWorkerIds: [],
      heldTokens: [],
      pipelineIds: PIPELINES,
      limit: 1,
    });
    await expect(
      execution.context.sink.message({ type: 'summary', text: 'stale' }),
    ).rejects.toThrow(LeaseLostError);

    await waitFor('the forced end', () => execution.cancels.length);
    expect(execution.cancels[0].force).toBe(true);
    await queue.finish(adopted.lease, { end: { kind: 'exited', exitCode: 0 } });
    expect((await runs.getRun(runId)).summary).toBeUndefined();
    expect(cleaned).toEqual([]);
  });

  it('ends an execution whose lease cannot be renewed, politely and then by force', async () => {
    engine.ignoresPoliteEnd = true;
    const deaf = new Proxy(queue, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name === 'renew') {
          return () => Promise.reject(new Error('Connection terminated'));
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as RunQueue;
    await startWorker({
      queue: deaf,
      leaseLimits: { termMs: 600, killMs: 1_200 },
    });
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await waitFor('the forced end', () => execution.cancels.length === 2);

    expect(execution.cancels.map(({ force }) => force)).toEqual([false, true]);
    await expect(
      execution.context.sink.log(batch('too late', 8)),
    ).rejects.toThrow(LeaseLostError);
    expect(stored).toEqual([]);
    expect((await runs.getRun(runId)).state).toBe('running');
  });

  it('goes on when every connection to the database breaks', async () => {
    await startWorker();
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await reaches(runId, 'running');
    await database.breakConnections();
    await execution.context.sink.message({
      type: 'step',
      name: 'load',
      status: 'running',
    });
    await database.breakConnections();
    execution.exit();

    await waitFor('the run to succeed', async () => {
      const run = await runs.getRun(runId).catch(() => undefined);
      return run?.state === 'succeeded';
    });
    const next = await submit().catch(() => submit());
    (await engine.executionOf(next)).exit();
    expect(await reaches(next, 'succeeded')).toMatchObject({ attempt: 1 });
  });

  it('lets runs finish when it stops, and is forgotten then', async () => {
    const worker = await startWorker({ stopWaitMs: 5_000 });
    const runId = await submit();
    const execution = await engine.executionOf(runId);
    await reaches(runId, 'running');
    const stopping = worker.stop();
    await waitFor('the worker to say that it stops', () =>
      database.knex('workers').whereNotNull('stopping_at').first(),
    );
    const unclaimed = await submit();
    execution.exit();
    await stopping;

    expect((await runs.getRun(runId)).state).toBe('succeeded');
    expect((await runs.getRun(unclaimed)).state).toBe('queued');
    expect(await database.knex('workers').select()).toEqual([]);
  });

  it('gives back what does not finish in time, but not what may start only once', async () => {
    const worker = await startWorker({ stopWaitMs: 50 });
    const single = await submit('once');
    const twice = await submit('twice');
    await Promise.all([single, twice].map(id => engine.executionOf(id)));
    await Promise.all([single, twice].map(id => reaches(id, 'running')));
    await worker.stop();

    expect(await runs.getRun(single)).toMatchObject({
      state: 'lost',
      error: { kind: 'lost' },
    });
    expect(await runs.getRun(twice)).toMatchObject({
      state: 'queued',
      attempt: 1,
      maxAttempts: 3,
    });
    await startWorker();
    (await engine.executionOf(twice, 2)).exit();
    await reaches(twice, 'succeeded');
  });

  describe('when another worker of its host is gone', () => {
    /** Leaves a run behind that a process had which is dead now. */
    async function abandon(
      pipelineId: string,
      options: { running: boolean },
    ): Promise<string> {
      const child = spawn(process.execPath, ['-e', '']);
      await once(child, 'exit');
      const former = { ...(await readHostIdentity()), id: 'former' };
      await queue.registerWorker({
        ...former,
        pid: child.pid!,
        pidStartTicks: 1,
        slots: 1,
        version: '1',
      });
      const runId = await submit(pipelineId);
      const lease = await claimOne(queue, PIPELINES, former);
      if (options.running) {
        await queue.markRunning(lease, { shim: 4711 });
      }
      return runId;
    }

    it('finds out how an attempt really ended, and does so before it claims', async () => {
      const runId = await abandon('once', { running: true });
      await database.knex('run_attempts').update({ log_position: 42 });
      const queued = await submit();
      const order: string[] = [];
      engine.beforeStart = async () => {
        order.push('started another');
      };
      engine.recover = async context => {
        order.push('recovered');
        engine.recovered.push(context);
        await context.sink.log(batch('the rest\n', 51));
        return { kind: 'exited', exitCode: 0 };
      };
      await startWorker();

      await reaches(runId, 'succeeded');
      (await engine.executionOf(queued)).exit();
      expect(order).toEqual(['recovered', 'started another']);
      expect(engine.recovered).toEqual([
        expect.objectContaining({
          runId,
          attempt: 1,
          handle: { shim: 4711 },
          resumeFrom: 42,
        }),
      ]);
      expect(stored).toEqual([{ runId, text: 'the rest\n' }]);
      expect((await eventsOf(runId)).map(({ name }) => name)).toContain(
        'adopted',
      );
    });

    it('lets a run go again whose end nobody knows, as long as it may', async () => {
      const runId = await abandon('twice', { running: true });
      await startWorker();

      (await engine.executionOf(runId, 2)).exit();
      expect(await reaches(runId, 'succeeded')).toMatchObject({ attempt: 2 });
    });

    it('ends a run as lost that may start only once, though nothing was started', async () => {
      const runId = await abandon('once', { running: false });
      await startWorker();

      expect(await reaches(runId, 'lost')).toMatchObject({ attempt: 1 });
      expect(engine.starts).toBe(0);
    });

    it('takes an engine that cannot find out for one that does not know', async () => {
      const runId = await abandon('once', { running: true });
      engine.recover = async () => {
        throw new Error('disk on fire');
      };
      await startWorker();

      expect(await reaches(runId, 'lost')).toMatchObject({
        error: { message: expect.stringContaining('disk on fire') },
      });
    });

    it('leaves the runs of a worker alone that is alive', async () => {
      const first = await startWorker();
      const runId = await submit();
      await engine.executionOf(runId);
      await startWorker();
      const [next] = [await submit(), await submit()];
      await engine.executionOf(next);

      expect((await runs.getRun(runId)).workerId).toBe(first.id);
      expect(engine.recovered).toEqual([]);
    });
  });
});
