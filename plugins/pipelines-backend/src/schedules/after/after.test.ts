import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { LiveMessage } from '../../live';
import { DatabaseRunQueue } from '../../queue';
import { RunsService } from '../../runs';
import { listRefusedStarts } from '../operations/listRefusedStarts';
import { StartFollowersTask } from '../tasks/StartFollowersTask';
import type { RunSubmitter } from '../types';
import { DatabaseAfterStore } from './DatabaseAfterStore';
import { Followers } from './Followers';
import {
  claimOne,
  createTestDefinitions,
  TestDatabase,
  waitFor,
  type TestPipeline,
} from '../../__testUtils__';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

const ANYTHING = { type: 'object' };

describe('pipelines that follow others', () => {
  let database: TestDatabase;
  let queue: DatabaseRunQueue;
  const stops: (() => unknown)[] = [];
  const logger = mockServices.logger.mock();

  beforeAll(async () => {
    database = await TestDatabase.create();
  }, 60_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    jest.clearAllMocks();
    await database.knex.raw(
      'truncate runs, run_keys, followed_pipelines, refused_starts cascade',
    );
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
  });

  async function create(
    pipelines: TestPipeline[],
    options: { runs?: (real: RunsService) => RunSubmitter } = {},
  ) {
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, pipelines);
    const runs = new RunsService({ knex, definitions });
    queue = new DatabaseRunQueue({ knex, definitions });
    stops.push(() => queue.close());
    const store = new DatabaseAfterStore(knex);
    const listeners = new Set<(message: LiveMessage) => void>();
    const createTask = () =>
      new StartFollowersTask({
        store,
        followers: new Followers({
          knex,
          store,
          runs: options.runs?.(runs) ?? runs,
          definitions,
        }),
        live: {
          subscribe: listener => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        logger,
        everyMs: [60_000, 60_000],
      });
    const task = createTask();
    await task.run();
    return {
      runs,
      task,
      createTask,
      say: (message: LiveMessage) =>
        listeners.forEach(listener => listener(message)),
      listeners,
    };
  }

  /** Submits and executes a run of the pipeline, as a worker would. */
  async function finish(
    runs: RunsService,
    pipelineId: string,
    options: {
      exitCode?: number;
      parameters?: Record<string, unknown>;
      outputs?: Record<string, unknown>;
    } = {},
  ): Promise<string> {
    const { id } = await runs.submitRun({
      request: { pipelineId, parameters: options.parameters ?? {} },
      actor: 'user:default/alice',
      trigger: 'manual',
    });
    const lease = await claimOne(queue, [pipelineId]);
    await queue.markRunning(lease, {});
    for (const [name, json] of Object.entries(options.outputs ?? {})) {
      await database.knex('run_outputs').insert({
        run_id: id,
        attempt: 1,
        name,
        json: JSON.stringify(json),
      });
    }
    await queue.finish(lease, {
      end: { kind: 'exited', exitCode: options.exitCode ?? 0 },
    } as Parameters<typeof queue.finish>[1]);
    return id;
  }

  const runsOf = (pipelineId: string) =>
    database.knex('runs').where({ pipeline_id: pipelineId }).orderBy('id');
  const waiting = async (knex: Knex = database.knex) =>
    (await knex('after_queue').select('run_id')).map(row => row.run_id);

  it('starts each of them once when the run has succeeded, and links the two', async () => {
    const { runs, task } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
      { id: 'other', after: [{ pipelineId: 'first', parameters: {} }] },
      { id: 'alone' },
    ]);
    const cause = await finish(runs, 'first');
    await finish(runs, 'alone');
    expect(await waiting()).toEqual([cause]);

    await task.run();
    await task.run();

    const [second, ...more] = await runsOf('second');
    expect(more).toEqual([]);
    expect(second).toMatchObject({
      state: 'queued',
      trigger: 'after',
      submitted_by: 'pipeline:first',
      labels: { 'caused-by': cause },
    });
    expect(await runsOf('other')).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    const events = await database
      .knex('run_events')
      .where({ run_id: cause, name: 'follower-submitted' });
    expect(events.map(event => JSON.parse(event.details))).toContainEqual({
      pipelineId: 'second',
      runId: second.id,
    });
  });

  it('starts nothing after a run that failed', async () => {
    const { runs, task } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
    ]);
    await finish(runs, 'first', { exitCode: 1 });
    await task.run();
    expect(await runsOf('second')).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('goes on along a chain', async () => {
    const { runs, task } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
      { id: 'third', after: [{ pipelineId: 'second', parameters: {} }] },
    ]);
    await finish(runs, 'first');
    await task.run();
    const lease = await claimOne(queue, ['second']);
    await queue.markRunning(lease, {});
    await queue.finish(lease, {
      end: { kind: 'exited', exitCode: 0 },
    } as Parameters<typeof queue.finish>[1]);
    await task.run();
    expect(await runsOf('third')).toHaveLength(1);
  });

  it('hands on what the run was given and what it made', async () => {
    const { runs, task } = await create([
      { id: 'first', parameters: ANYTHING },
      {
        id: 'second',
        parameters: ANYTHING,
        after: [
          {
            pipelineId: 'first',
            parameters: {
              of: '${{ run.id }}',
              url: '${{ run.parameters.source.url }}',
              rows: '${{ run.outputs.summary.rows }}',
              text: '${{ run.outputs.summary.rows }} rows of ${{ run.pipeline }}',
              none: '${{ run.outputs.nope }}',
            },
          },
        ],
      },
    ]);
    const cause = await finish(runs, 'first', {
      parameters: { source: { url: 'https://example.org' } },
      outputs: { summary: { rows: 3 }, big: { never: 'read' } },
    });
    await task.run();
    const [second] = await runsOf('second');
    expect(second.parameters).toEqual({
      of: cause,
      url: 'https://example.org',
      rows: 3,
      text: '3 rows of first',
    });
  });

  it('records a start whose parameters do not fit, with both, and starts the others', async () => {
    const { runs, task } = await create([
      { id: 'first' },
      {
        id: 'needy',
        parameters: {
          type: 'object',
          required: ['rows'],
          properties: { rows: { type: 'integer' } },
        },
        after: [
          {
            pipelineId: 'first',
            parameters: { rows: '${{ run.outputs.summary.rows }}' },
          },
        ],
      },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
    ]);
    const cause = await finish(runs, 'first');
    await task.run();
    await task.run();

    expect(await runsOf('needy')).toEqual([]);
    expect(await runsOf('second')).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    expect(await listRefusedStarts(database.knex, 'needy')).toEqual([
      {
        pipelineId: 'needy',
        trigger: 'after',
        source: 'pipeline:first',
        message: expect.stringMatching(
          new RegExp(`After run '${cause}': .*'rows' is missing`),
        ),
        at: expect.any(Date),
      },
    ]);
    const event = await database
      .knex('run_events')
      .where({ run_id: cause, name: 'follower-refused' })
      .first();
    expect(event).toMatchObject({ kind: 'warning', actor: 'pipeline:first' });
  });

  it('starts each once when several processes are at it', async () => {
    const { runs, createTask } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
    ]);
    for (let i = 0; i < 10; i++) {
      await finish(runs, 'first');
    }
    await Promise.all(
      [createTask(), createTask(), createTask()].map(task => task.run()),
    );
    expect(await runsOf('second')).toHaveLength(10);
    expect(await waiting()).toEqual([]);
  });

  it('starts all or none when it dies between two, and tries again', async () => {
    let isBroken = true;
    const { runs, task } = await create(
      [
        { id: 'first' },
        { id: 'a-second', after: [{ pipelineId: 'first', parameters: {} }] },
        { id: 'b-second', after: [{ pipelineId: 'first', parameters: {} }] },
      ],
      {
        runs: real => ({
          submitRun: async (submit, transaction) => {
            if (isBroken && submit.request.pipelineId === 'b-second') {
              throw new Error('died');
            }
            return real.submitRun(submit, transaction);
          },
        }),
      },
    );
    const cause = await finish(runs, 'first');
    await task.run();
    expect(await runsOf('a-second')).toEqual([]);
    expect(await waiting()).toEqual([cause]);
    expect(logger.warn).toHaveBeenCalledWith(expect.stringMatching(/died/));

    isBroken = false;
    await task.run();
    expect(await runsOf('a-second')).toEqual([]);
    await database
      .knex('after_queue')
      .update({ not_before: database.knex.fn.now() });
    await task.run();
    expect(await runsOf('a-second')).toHaveLength(1);
    expect(await runsOf('b-second')).toHaveLength(1);
  });

  it('is woken by the message that a run has succeeded', async () => {
    const { runs, createTask, say, listeners } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
    ]);
    const task = createTask();
    task.start();
    const cause = await finish(runs, 'first');
    say({ kind: 'state', runId: cause, state: 'succeeded' });
    await waitFor(
      'the run that follows',
      async () => (await runsOf('second')).length === 1,
    );
    await task.stop();
    expect(listeners.size).toBe(0);
  });

  it('follows reported runs that have succeeded, and no imported ones', async () => {
    const { task } = await create([
      { id: 'first' },
      { id: 'second', after: [{ pipelineId: 'first', parameters: {} }] },
    ]);
    const insert = (origin: string, state: string) =>
      database
        .knex('runs')
        .insert({
          id: database.knex.raw('gen_random_uuid()'),
          pipeline_id: 'first',
          origin,
          state,
          trigger: 'outside',
          title: 'x',
          submitted_by: 'reporter:cron',
        })
        .returning('id');
    const [running] = await insert('reported', 'running');
    await insert('reported', 'succeeded');
    await insert('imported', 'succeeded');
    await insert('own', 'queued');
    await database
      .knex('runs')
      .where({ id: running.id })
      .update({ state: 'succeeded' });
    await task.run();
    expect(await runsOf('second')).toHaveLength(2);
  });
});
