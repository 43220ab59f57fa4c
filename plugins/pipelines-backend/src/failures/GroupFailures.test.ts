import { mockServices } from '@backstage/backend-test-utils';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { createTestDefinitions, TestDatabase, waitFor } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import type { LiveMessage } from '../live';
import { DatabaseFailuresStore } from './DatabaseFailuresStore';
import { fingerprintOf } from './fingerprint';
import { GroupFailuresTask } from './tasks/GroupFailuresTask';
import { PruneFailureCountsTask } from './tasks/PruneFailureCountsTask';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

const ALICE = 'user:default/alice';
const ROW_7 = { kind: 'exit', message: 'Row 7 is bad', step: 'load' };
const { fingerprint: ROW } = fingerprintOf(ROW_7);

describe('grouping the errors of runs', () => {
  let database: TestDatabase;
  let store: DatabaseFailuresStore;
  const stops: (() => unknown)[] = [];

  beforeAll(async () => {
    database = await TestDatabase.create();
    store = new DatabaseFailuresStore(database.knex);
    await createTestDefinitions(database.knex, [{ id: 'a' }, { id: 'b' }]);
  }, 60_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.knex('runs').delete();
    await database.knex('failure_groups').delete();
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
  });

  /** A run that was inserted when it had already ended, as reports and imports are. */
  const fail = (
    options: {
      pipelineId?: string;
      message?: string;
      state?: RunState;
      at?: string;
      columns?: object;
    } = {},
  ) =>
    insertRun(database.knex, {
      pipeline_id: options.pipelineId ?? 'a',
      state: options.state ?? 'failed',
      error_kind: ROW_7.kind,
      error_message: options.message ?? ROW_7.message,
      error_step: ROW_7.step,
      ...(options.at && { finished_at: options.at }),
      ...options.columns,
    });
  const groups = () => database.knex('failure_groups').orderBy('template');
  const counts = () =>
    database
      .knex('failure_counts')
      .select('fingerprint', 'pipeline_id', 'hour', 'runs')
      .orderBy(['fingerprint', 'pipeline_id', 'hour']);
  const waiting = () => database.knex('failures_to_group').pluck('run_id');
  const events = async () =>
    database
      .knex('failure_events')
      .select('name', 'actor', 'run_id')
      .orderBy('id');
  const change = (
    name: 'resolved' | 'ignored' | 'unresolved',
    more: { until?: Date; count?: number } = {},
  ) => store.change({ fingerprint: ROW, name, actor: ALICE, ...more });
  const createTask = (options: { batch?: number } = {}) => {
    const listeners = new Set<(message: LiveMessage) => void>();
    const task = new GroupFailuresTask({
      store,
      live: {
        subscribe: listener => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      logger: mockServices.logger.mock(),
      everyMs: [60_000, 60_000],
      ...options,
    });
    stops.push(() => task.stop());
    return {
      task,
      say: (message: LiveMessage) =>
        listeners.forEach(listener => listener(message)),
    };
  };

  it('puts errors together that differ only in their values, with where and when they occurred', async () => {
    const runs = [
      await fail({ at: '2026-11-01T10:59:00Z' }),
      await fail({ message: 'Row 81 is bad', at: '2026-11-01T11:00:00Z' }),
      await fail({ pipelineId: 'b', at: '2026-11-01T11:30:00Z' }),
    ];
    const other = await fail({ message: 'Disk is full' });
    await expect(store.group(100)).resolves.toBe(4);

    expect(await groups()).toMatchObject([
      { template: 'Disk is full' },
      {
        fingerprint: ROW,
        kind: 'exit',
        step: 'load',
        template: 'Row <number> is bad',
        state: 'unresolved',
        changed_at: null,
      },
    ]);
    expect(
      await database
        .knex('failure_pipelines')
        .where({ fingerprint: ROW })
        .orderBy('pipeline_id'),
    ).toMatchObject([
      {
        pipeline_id: 'a',
        first_seen: new Date('2026-11-01T10:59:00Z'),
        last_seen: new Date('2026-11-01T11:00:00Z'),
        runs: '2',
        last_run_id: runs[1],
      },
      { pipeline_id: 'b', runs: '1', last_run_id: runs[2] },
    ]);
    expect(
      (await counts()).filter(({ fingerprint }) => fingerprint === ROW),
    ).toMatchObject([
      { pipeline_id: 'a', hour: new Date('2026-11-01T10:00:00Z'), runs: 1 },
      { pipeline_id: 'a', hour: new Date('2026-11-01T11:00:00Z'), runs: 1 },
      { pipeline_id: 'b', hour: new Date('2026-11-01T11:00:00Z'), runs: 1 },
    ]);
    expect(
      await database
        .knex('runs')
        .where({ fingerprint: ROW })
        .orderBy('id')
        .pluck('id'),
    ).toEqual(runs);
    expect(
      await database.knex('runs').where({ id: other }).pluck('fingerprint'),
    ).not.toEqual([null]);
    expect(await waiting()).toEqual([]);
  });

  it.each<[RunState, boolean]>([
    ['failed', true],
    ['timed_out', true],
    ['lost', true],
    ['succeeded', false],
    ['cancelled', false],
  ])('notes a run that ends as %s: %s', async (state, isNoted) => {
    const inserted = await fail({ state });
    const reported = await fail({
      state: 'unknown',
      columns: { origin: 'reported' },
    });
    expect(await waiting()).toEqual(isNoted ? [inserted] : []);
    await database.knex('runs').where({ id: reported }).update({ state });
    expect((await waiting()).sort()).toEqual(
      isNoted ? [inserted, reported].sort() : [],
    );
  });

  it('groups the newest first, a batch at a time, until nothing waits', async () => {
    const runs = [];
    for (let i = 0; i < 5; i++) {
      runs.push(await fail());
    }
    await expect(store.group(2)).resolves.toBe(2);
    expect((await waiting()).sort()).toEqual(runs.slice(0, 3));
    const { task } = createTask({ batch: 2 });
    task.start();
    await waitFor(
      'every run to be grouped',
      async () => (await waiting()).length === 0,
    );
    expect(await counts()).toMatchObject([{ runs: 5 }]);
  });

  it('counts each run once, however many processes group at the same time', async () => {
    for (let i = 0; i < 60; i++) {
      await fail({
        pipelineId: i % 2 ? 'a' : 'b',
        message: i % 3 ? `Row ${i} is bad` : 'Disk is full',
      });
    }
    const groupAll = async () => {
      while ((await waiting()).length > 0) {
        await store.group(7);
      }
    };
    await Promise.all([groupAll(), groupAll(), groupAll()]);
    const total = (await counts()).reduce((sum, row) => sum + row.runs, 0);
    expect({ groups: (await groups()).length, total }).toEqual({
      groups: 2,
      total: 60,
    });
  });

  it('counts a run once that is reported to have failed twice', async () => {
    const id = await fail({ columns: { origin: 'reported' } });
    await store.group(10);
    await database.knex('runs').where({ id }).update({ state: 'lost' });
    expect(await waiting()).toEqual([id]);
    await expect(store.group(10)).resolves.toBe(1);
    expect(await counts()).toMatchObject([{ runs: 1 }]);
    expect(await waiting()).toEqual([]);
  });

  it('leaves a run for later that somebody is writing', async () => {
    const id = await fail();
    const trx = await database.knex.transaction();
    await trx('runs').where({ id }).update({ note: 'mine' });
    await expect(store.group(10)).resolves.toBe(0);
    await trx.commit();
    await expect(store.group(10)).resolves.toBe(1);
  });

  it('keeps the failure when its runs are deleted', async () => {
    await fail();
    const id = await fail();
    await store.group(1);
    await database.knex('runs').delete();
    expect(await waiting()).toEqual([]);
    expect(await groups()).toMatchObject([{ fingerprint: ROW }]);
    expect(await counts()).toMatchObject([{ runs: 1 }]);
    await expect(store.readLastRun(ROW, ['a'])).resolves.toBeUndefined();
    expect(id).toBeDefined();
  });

  it('has an error that says nothing, too', async () => {
    await fail({ columns: { error_kind: null, error_message: null } });
    await store.group(10);
    expect(await groups()).toMatchObject([{ kind: 'unknown', template: '' }]);
  });

  describe('what becomes of its state', () => {
    beforeEach(async () => {
      await fail();
      await store.group(10);
    });

    it('is regressed when it occurs after it was resolved', async () => {
      await change('resolved');
      const again = await fail();
      await store.group(10);
      expect(await groups()).toMatchObject([
        { state: 'regressed', changed_by: 'system' },
      ]);
      await fail();
      await store.group(10);
      expect(await events()).toEqual([
        { name: 'resolved', actor: ALICE, run_id: null },
        { name: 'regressed', actor: 'system', run_id: again },
      ]);
    });

    it('stays resolved when an older run is grouped late', async () => {
      await change('resolved');
      await fail({ at: '2026-01-01T00:00:00Z' });
      await store.group(10);
      expect(await groups()).toMatchObject([{ state: 'resolved' }]);
      expect(await counts()).toHaveLength(2);
    });

    it('is ignored for so many occurrences, however they come', async () => {
      await change('ignored', { count: 3 });
      await fail();
      await store.group(10);
      expect(await groups()).toMatchObject([
        { state: 'ignored', ignored_count: 2, changed_by: ALICE },
      ]);
      await fail();
      const third = await fail();
      await store.group(10);
      expect(await groups()).toMatchObject([
        { state: 'unresolved', ignored_count: null, changed_by: 'system' },
      ]);
      expect((await events()).at(-1)).toEqual({
        name: 'ignore-ended',
        actor: 'system',
        run_id: third,
      });
    });

    it('is ignored until a time, and by two processes ended once', async () => {
      await change('ignored', { until: new Date(Date.now() + 3_600_000) });
      await fail();
      await store.group(10);
      await expect(store.endIgnores(10)).resolves.toBe(0);
      expect(await groups()).toMatchObject([{ state: 'ignored' }]);

      await database
        .knex('failure_groups')
        .update({ ignored_until: database.knex.raw(`now() - interval '1 s'`) });
      const ended = await Promise.all([
        store.endIgnores(10),
        store.endIgnores(10),
      ]);
      expect(ended.sort()).toEqual([0, 1]);
      expect(await groups()).toMatchObject([
        { state: 'unresolved', ignored_until: null },
      ]);
      expect((await events()).map(({ name }) => name)).toEqual([
        'ignored',
        'ignore-ended',
      ]);
    });

    it('is ignored for ever', async () => {
      await change('ignored');
      await fail();
      await store.group(10);
      await store.endIgnores(10);
      expect(await groups()).toMatchObject([{ state: 'ignored' }]);
    });

    it('refuses to be what it is already, and to be ignored until before now', async () => {
      await expect(change('unresolved')).rejects.toThrow(
        /is unresolved already/,
      );
      await change('resolved');
      await expect(change('resolved')).rejects.toThrow(
        /is resolved already, since .* by user:default\/alice/,
      );
      await expect(
        change('ignored', { until: new Date('2020-01-01') }),
      ).rejects.toThrow(/only until later/);
      expect(await events()).toHaveLength(1);
    });
  });

  it('looks at once when a run has failed, and not when one has succeeded', async () => {
    const { task, say } = createTask();
    const group = jest.spyOn(store, 'group');
    task.start();
    await waitFor('the first look', async () => group.mock.calls.length === 1);
    await group.mock.results[0].value;
    const runId = await fail();
    say({ kind: 'state', runId, state: 'succeeded' });
    expect(await waiting()).toEqual([runId]);
    say({ kind: 'state', runId, state: 'failed' });
    await waitFor(
      'it to be grouped',
      async () => (await waiting()).length === 0,
    );
    group.mockRestore();
  });

  it('forgets counts that nobody can ask for any more, and no failure', async () => {
    await fail({ at: '2020-01-01T00:00:00Z' });
    await fail();
    await store.group(10);
    await new PruneFailureCountsTask({ store }).run();
    expect(await counts()).toHaveLength(1);
    expect(await groups()).toHaveLength(1);
  });
});
