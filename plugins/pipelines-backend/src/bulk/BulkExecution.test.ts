import { mockServices } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import {
  BulkSchema,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import type { DefinitionsService } from '../definitions';
import type { SystemRun } from '../engines';
import { DatabaseRunQueue } from '../queue';
import { RunsService } from '../runs';
import type { BulkActors } from './actOnRun';
import { bulkDefinition } from './bulkDefinition';
import { BulkExecution } from './BulkExecution';
import { BulkService } from './BulkService';
import type { BulkRequest } from './types';

const BOB = 'user:default/bob';
const CAPABILITIES = { cancel: true, pause: true, logs: true, artifacts: true };

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('carrying out a bulk action', () => {
  let database: TestDatabase;
  let definitions: DefinitionsService;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  let bulks: BulkService;
  const logger = mockServices.logger.mock();

  beforeAll(async () => {
    database = await TestDatabase.create();
    definitions = await createTestDefinitions(database.knex, [
      { id: 'ingest', capabilities: CAPABILITIES, resumableSteps: true },
      {
        id: 'strict',
        parameters: { type: 'object', required: ['url'] },
      },
      bulkDefinition(CAPABILITIES),
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    queue = new DatabaseRunQueue({ knex: database.knex, definitions });
    bulks = new BulkService({ knex: database.knex, runs, definitions });
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    await database.knex('run_events').delete();
    await database.knex('runs').delete();
  });

  const insert = (state: RunState, columns: Record<string, unknown> = {}) =>
    insertRun(database.knex, { pipeline_id: 'ingest', state, ...columns });
  const insertMany = (count: number, state: RunState) =>
    Promise.all(Array.from({ length: count }, () => insert(state)));

  async function submit(request: BulkRequest): Promise<string> {
    const everything = {
      pipelines: 'all' as const,
      mayControl: () => true,
      mayRun: () => true,
    };
    const resolved = await bulks.resolve(request, everything);
    const { id } = await bulks.submit(request, resolved, {
      actor: BOB,
      trigger: 'manual',
    });
    return id;
  }

  /** One attempt at the run of a bulk action, as the system engine begins it. */
  function attempt(
    bulkId: string,
    options: { actors?: Partial<BulkActors>; abort?: AbortController } = {},
  ) {
    const lines: string[] = [];
    const messages: Parameters<SystemRun['report']>[0][] = [];
    const execute = BulkExecution.createHandler({
      knex: database.knex,
      runs: options.actors?.runs ?? runs,
      queue: options.actors?.queue ?? queue,
      logger,
    });
    const run: SystemRun = {
      runId: bulkId,
      attempt: 1,
      idempotencyKey: bulkId,
      pipelineId: 'bulk-actions',
      parameters: {},
      signal: (options.abort ?? new AbortController()).signal,
      artifactsFolder: '/nowhere',
      log: async text => {
        lines.push(...text.split('\n'));
      },
      report: async message => {
        messages.push(message);
      },
      artifact: async () => {},
    };
    return { lines, messages, ended: execute(run) };
  }

  const eventsOf = async (runId: string) =>
    (await runs.listEvents(runId, { limit: 50 })).items.map(
      ({ name, actor, reason, details }) => ({ name, actor, reason, details }),
    );
  const itemsOf = async (bulkId: string) =>
    (await bulks.listItems(bulkId, { limit: 200 })).items;

  it('cancels queued and running runs in the name of its submitter', async () => {
    const queued = await insert('queued');
    const running = await insert('running');
    const bulkId = await submit({
      action: 'cancel',
      runIds: [running, queued],
      reason: 'wrong file',
      force: true,
    });
    const { lines, messages, ended } = attempt(bulkId);
    await ended;

    expect((await runs.getRun(queued)).state).toBe('cancelled');
    expect((await runs.getRun(running)).state).toBe('cancelling');
    expect(await eventsOf(queued)).toEqual([
      {
        name: 'cancelled',
        actor: BOB,
        reason: 'wrong file',
        details: { force: true, bulkId },
      },
    ]);
    expect(await itemsOf(bulkId)).toEqual([
      { runId: queued, title: 'ingest', state: 'done' },
      { runId: running, title: 'ingest', state: 'done' },
    ]);
    expect(lines).toEqual([
      `cancel done: ingest (${queued})`,
      `cancel done: ingest (${running})`,
    ]);
    expect(messages).toEqual([
      { type: 'progress', progress: 1, message: '2 of 2' },
      {
        type: 'output',
        name: 'bulk',
        json: { action: 'cancel', total: 2, done: 2, skipped: 0, failed: 0 },
      },
      { type: 'summary', text: '2 of 2 runs done, 0 skipped, 0 failed' },
    ]);
    const bulk = await bulks.read(bulkId);
    expect(BulkSchema.parse(bulk)).toEqual(bulk);
    expect(bulk).toMatchObject({
      action: 'cancel',
      submittedBy: BOB,
      reason: 'wrong file',
      total: 2,
      counts: { pending: 0, done: 2, skipped: 0, failed: 0 },
    });
  });

  it('retries, each run once, and says which run came of it', async () => {
    const failed = await insert('failed', {
      steps: [
        ['a', 'succeeded'],
        ['b', 'failed'],
      ],
    });
    const bulkId = await submit({
      action: 'retry',
      runIds: [failed],
      fromFailedStep: true,
      reason: 'source is back',
    });
    await attempt(bulkId).ended;

    const [{ newRunId }] = await itemsOf(bulkId);
    expect(await runs.getRun(newRunId!)).toMatchObject({
      retryOf: failed,
      resumedFrom: 'b',
      submittedBy: BOB,
      trigger: 'retry',
    });
    expect(await eventsOf(failed)).toEqual([
      {
        name: 'retried',
        actor: BOB,
        reason: 'source is back',
        details: { runId: newRunId, bulkId },
      },
    ]);
    expect(await eventsOf(newRunId!)).toEqual([
      {
        name: 'submitted',
        actor: BOB,
        reason: 'source is back',
        details: { retryOf: failed, bulkId },
      },
    ]);
  });

  it.each<[BulkRequest, RunState, object, string]>([
    [
      { action: 'priority', priority: 9 },
      'queued',
      { priority: 9 },
      'priority-changed',
    ],
    [
      { action: 'label', labels: { seen: 'yes' } },
      'failed',
      { labels: { team: 'data', seen: 'yes' } },
      'labels-changed',
    ],
  ])('changes runs by %j', async (request, state, changed, event) => {
    const id = await insert(state, { labels: { team: 'data' } });
    const bulkId = await submit({ ...request, filter: { state: [state] } });
    await attempt(bulkId).ended;

    expect(await runs.getRun(id)).toMatchObject(changed);
    expect(await eventsOf(id)).toEqual([
      expect.objectContaining({
        name: event,
        actor: BOB,
        details: expect.objectContaining({ bulkId }),
      }),
    ]);
  });

  it('holds queued runs and pauses running ones, and lets them go on again', async () => {
    const queued = await insert('queued');
    const running = await insert('running');
    const paused = await submit({
      action: 'pause',
      filter: {},
      reason: 'maintenance',
    });
    await attempt(paused).ended;
    expect(await itemsOf(paused)).toEqual([
      { runId: queued, title: 'ingest', state: 'done' },
      { runId: running, title: 'ingest', state: 'done' },
    ]);
    expect(await runs.getRun(queued)).toMatchObject({
      state: 'queued',
      pauseRequest: { by: BOB, reason: 'maintenance' },
    });
    expect((await runs.getRun(running)).state).toBe('pausing');
    expect(await eventsOf(queued)).toEqual([
      expect.objectContaining({ actor: BOB, details: { bulkId: paused } }),
    ]);

    const resumed = await submit({ action: 'resume', filter: {} });
    await attempt(resumed).ended;
    expect(await itemsOf(resumed)).toEqual([
      { runId: queued, title: 'ingest', state: 'done' },
    ]);
    expect((await runs.getRun(queued)).pauseRequest).toBeUndefined();
  });

  it('skips what has moved on since, and goes on after what fails', async () => {
    const moved = await insert('queued');
    const cancelled = await insert('queued');
    const cancelling = await submit({
      action: 'cancel',
      runIds: [moved, cancelled],
    });
    await database.knex('runs').where({ id: moved }).delete();
    await attempt(cancelling).ended;
    expect(await itemsOf(cancelling)).toEqual([
      {
        runId: moved,
        title: 'ingest',
        state: 'skipped',
        message: `No run '${moved}'`,
      },
      { runId: cancelled, title: 'ingest', state: 'done' },
    ]);

    const unfit = await insert('failed', { pipeline_id: 'strict' });
    const fit = await insert('failed');
    const retrying = await submit({ action: 'retry', runIds: [unfit, fit] });
    await attempt(retrying).ended;
    expect(await itemsOf(retrying)).toEqual([
      {
        runId: unfit,
        title: 'strict',
        state: 'failed',
        message: expect.stringContaining(`the parameter 'url' is missing`),
      },
      expect.objectContaining({ runId: fit, state: 'done' }),
    ]);
    expect((await bulks.read(retrying)).counts).toEqual({
      pending: 0,
      done: 1,
      skipped: 0,
      failed: 1,
    });
  });

  it('keeps what is wrong with the backend out of the items', async () => {
    const id = await insert('queued');
    const bulkId = await submit({ action: 'cancel', runIds: [id] });
    await attempt(bulkId, {
      actors: {
        queue: {
          requestPause: queue.requestPause.bind(queue),
          requestResume: queue.requestResume.bind(queue),
          requestCancel: async () => {
            throw new Error('relation "runs" has a bad day');
          },
        },
      },
    }).ended;

    const [item] = await itemsOf(bulkId);
    expect(item.state).toBe('failed');
    expect(item.message).not.toContain('relation');
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('has a bad day'),
    );
  });

  it('does a thousand runs, and shows how far it is on the way', async () => {
    await insertMany(1_000, 'failed');
    const bulkId = await submit({ action: 'retry', filter: {} });
    const { lines, messages, ended } = attempt(bulkId);
    await ended;

    expect((await bulks.read(bulkId)).counts.done).toBe(1_000);
    expect(lines).toHaveLength(1_000);
    expect(
      messages
        .filter(({ type }) => type === 'progress')
        .map(message => 'message' in message && message.message),
    ).toEqual(Array.from({ length: 10 }, (_, i) => `${(i + 1) * 100} of 1000`));
    const { rows } = await database.knex.raw(
      `select count(*)::int as runs, count(distinct retry_of)::int as retried from runs where retry_of is not null`,
    );
    expect(rows).toEqual([{ runs: 1_000, retried: 1_000 }]);
  });

  /** Does so many retries, and is then cut off in the middle of the next, as by a kill. */
  function dyingAfter(count: number, abort: AbortController) {
    let left = count;
    return {
      runs: {
        updateRun: runs.updateRun.bind(runs),
        retryRun: async (...[action, transaction]) => {
          const retried = await runs.retryRun(action, transaction);
          if (left-- <= 0) {
            abort.abort(new Error('the process is gone'));
            // As a connection that is cut: what this transaction wrote is rolled back
            throw Object.assign(new Error('cut off'), { code: '57P01' });
          }
          return retried;
        },
      },
    } satisfies Partial<BulkActors>;
  }

  it('goes on after a crash where it was, and does nothing twice', async () => {
    await insertMany(30, 'failed');
    const bulkId = await submit({ action: 'retry', filter: {} });
    const doneAfter: number[] = [];
    for (const retries of [7, 0, 12]) {
      const abort = new AbortController();
      const actors = dyingAfter(retries, abort);
      await expect(attempt(bulkId, { actors, abort }).ended).rejects.toThrow(
        'the process is gone',
      );
      doneAfter.push((await bulks.read(bulkId)).counts.done);
    }
    expect(doneAfter).toEqual([7, 7, 19]);
    await attempt(bulkId).ended;

    const items = await itemsOf(bulkId);
    expect(items.every(({ state }) => state === 'done')).toBe(true);
    const { rows } = await database.knex.raw(
      `select count(*)::int as runs, count(distinct retry_of)::int as retried from runs where retry_of is not null`,
    );
    expect(rows).toEqual([{ runs: 30, retried: 30 }]);
    const { rows: events } = await database.knex.raw(
      `select count(*)::int as events from run_events where name = 'retried'`,
    );
    expect(events).toEqual([{ events: 30 }]);
  });

  it('lets two executions that overlap do each run once', async () => {
    await insertMany(40, 'failed');
    const bulkId = await submit({ action: 'retry', filter: {} });
    await Promise.all([attempt(bulkId).ended, attempt(bulkId).ended]);

    const { rows } = await database.knex.raw(
      `select count(*)::int as runs from runs where retry_of is not null`,
    );
    expect(rows).toEqual([{ runs: 40 }]);
  });

  it('stops between two runs when it is cancelled, and tells what it has done', async () => {
    await insertMany(50, 'queued');
    const bulkId = await submit({
      action: 'label',
      labels: { a: '1' },
      filter: { state: ['queued'] },
    });
    const abort = new AbortController();
    let changed = 0;
    const { lines, ended } = attempt(bulkId, {
      abort,
      actors: {
        runs: {
          retryRun: runs.retryRun.bind(runs),
          updateRun: async (...args) => {
            if (++changed === 10) {
              abort.abort(new Error('The run was cancelled'));
            }
            return runs.updateRun(...args);
          },
        },
      },
    });
    await expect(ended).rejects.toThrow('The run was cancelled');

    const { counts } = await bulks.read(bulkId);
    expect(counts.done).toBe(changed);
    expect(counts.pending).toBe(50 - changed);
    expect(changed).toBeLessThan(20);
    expect(lines).toHaveLength(changed);
  });

  it('goes on when the database comes back', async () => {
    await insertMany(20, 'queued');
    const bulkId = await submit({
      action: 'cancel',
      filter: { state: ['queued'] },
    });
    let cancels = 0;
    const { ended } = attempt(bulkId, {
      actors: {
        queue: {
          requestPause: queue.requestPause.bind(queue),
          requestResume: queue.requestResume.bind(queue),
          requestCancel: async (...args) => {
            if (++cancels === 5) {
              await database.breakConnections();
            }
            return queue.requestCancel(...args);
          },
        },
      },
    });
    await ended;
    expect((await bulks.read(bulkId)).counts.done).toBe(20);
  });

  describe('being submitted', () => {
    const resolve = (request: BulkRequest, changes: object = {}) =>
      bulks.resolve(request, {
        pipelines: 'all',
        mayControl: () => true,
        mayRun: () => true,
        ...changes,
      });

    it('is refused when the number differs from the one that was shown', async () => {
      await insertMany(3, 'queued');
      const request: BulkRequest = {
        action: 'cancel',
        filter: {},
        expected: 4,
      };
      const outcome = bulks.submit(request, await resolve(request), {
        actor: BOB,
        trigger: 'manual',
      });
      await expect(outcome).rejects.toThrow(ConflictError);
      await expect(outcome).rejects.toThrow(/shown 4 runs .* there are 3/);
      expect(
        await database.knex('runs').where({ pipeline_id: 'bulk-actions' }),
      ).toEqual([]);
    });

    it('takes queued runs first for a cancel, and the oldest first for a retry', async () => {
      const [running, a, b] = [
        await insert('running'),
        await insert('queued'),
        await insert('queued'),
      ];
      const cancel = await resolve({ action: 'cancel', filter: {} });
      expect(cancel.items.map(({ id }) => id)).toEqual([a, b, running]);
      const [c, d] = [await insert('failed'), await insert('failed')];
      const retry = await resolve({ action: 'retry', runIds: [d, c] });
      expect(retry.items.map(({ id }) => id)).toEqual([c, d]);
    });

    it('counts what is left out by its reason, and each named run once', async () => {
      const [queued, failed] = [await insert('queued'), await insert('failed')];
      const unknown = '019a0000-0000-7000-8000-000000000000';
      const { matches, items, skipped } = await resolve({
        action: 'cancel',
        runIds: [queued, queued.toUpperCase(), failed, unknown],
      });
      expect({ matches, items: items.map(({ id }) => id) }).toEqual({
        matches: 2,
        items: [queued],
      });
      expect([...skipped]).toEqual([
        ['no such run, or one that you may not see', 1],
        ['already ended', 1],
      ]);
    });

    it('looks only at the runs that the caller may see', async () => {
      const id = await insert('queued');
      const requests: BulkRequest[] = [
        { action: 'cancel', runIds: [id] },
        { action: 'cancel', filter: {} },
      ];
      for (const request of requests) {
        const { matches, items } = await resolve(request, {
          pipelines: ['strict'],
        });
        expect({ matches, items }).toEqual({ matches: 0, items: [] });
      }
    });

    it('leaves bulk actions themselves alone', async () => {
      await insert('queued');
      const first = await submit({ action: 'cancel', filter: {} });
      const { items, skipped } = await resolve({
        action: 'cancel',
        filter: {},
      });
      expect(items.map(({ id }) => id)).not.toContain(first);
      expect(skipped.get('a bulk action itself')).toBe(1);
    });

    it('takes ten thousand runs and refuses one more, with the way out', async () => {
      const make = (count: number) =>
        database.knex.raw(
          `insert into runs (id, pipeline_id, trigger, state, title, submitted_by)
           select gen_random_uuid(), 'ingest', 'manual', 'queued', 'x', 'x' from generate_series(1, ?)`,
          [count],
        );
      await make(10_000);
      const id = await submit({
        action: 'cancel',
        filter: { state: ['queued'] },
      });
      expect((await bulks.read(id)).counts.pending).toBe(10_000);
      await make(1);
      await expect(
        resolve(
          {
            action: 'cancel',
            filter: { state: ['queued'], pipeline: ['ingest'] },
          },
          { pipelines: ['ingest'] },
        ),
      ).rejects.toThrow(
        /More than 10000 runs match, or too many .*narrow the filter.*cancelled/,
      );
    });

    it('pages through its runs by state', async () => {
      await insertMany(5, 'queued');
      const id = await submit({ action: 'cancel', filter: {} });
      const first = await bulks.listItems(id, { limit: 3 });
      const second = await bulks.listItems(id, {
        limit: 3,
        cursor: first.nextCursor,
      });
      expect([first.items.length, second.items.length]).toEqual([3, 2]);
      expect(second.nextCursor).toBeUndefined();
      expect(
        (await bulks.listItems(id, { limit: 3, state: 'done' })).items,
      ).toEqual([]);
      await expect(
        bulks.listItems(id, { limit: 3, cursor: 'e30' }),
      ).rejects.toThrow(/cursor/);
    });
  });
});
