import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { v7 as uuid } from 'uuid';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import type { ChangeRunRequest } from './RunEditor';
import { RunsService } from './RunsService';

const BOB = 'user:default/bob';
const HOUR_MS = 3_600_000;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('changing a run', () => {
  let database: TestDatabase;
  let runs: RunsService;

  beforeAll(async () => {
    database = await TestDatabase.create({ poolSize: 20 });
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'ingest', queueTimeoutMs: HOUR_MS },
      { id: 'other' },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
  });
  afterAll(() => database.drop());
  beforeEach(() => database.knex('runs').delete());

  const queued = (columns: Record<string, unknown> = {}) =>
    insertRun(database.knex, {
      pipeline_id: 'ingest',
      state: 'queued',
      ...columns,
    });
  const update = (runId: string, request: ChangeRunRequest) =>
    runs.updateRun({ runId, request, actor: BOB });
  const changesOf = async (runId: string) =>
    (await runs.listEvents(runId, { limit: 50 })).items
      .filter(({ kind }) => kind === 'action')
      .map(({ name, actor, details }) => ({ name, actor, details }));
  const row = (id: string) => database.knex('runs').where({ id }).first();

  /** Calls `action` and returns what the database said on the channel meanwhile. */
  async function listen(action: () => Promise<unknown>): Promise<string[]> {
    const connection = await database.knex.client.acquireRawConnection();
    const heard: string[] = [];
    try {
      connection.on('notification', ({ payload }: { payload: string }) =>
        heard.push(payload),
      );
      await connection.query('listen millrace');
      await action();
      await connection.query('select 1');
    } finally {
      await connection.end();
    }
    return heard;
  }

  it('writes an event with the old and the new value for each thing that changes', async () => {
    const id = await queued({ labels: { a: '1', bb: '2' }, note: 'old' });
    const receipt = await update(id, {
      note: 'new',
      labels: { a: '2' },
      priority: 9,
    });

    expect(receipt).toEqual({ id, state: 'queued' });
    expect(await runs.getRun(id)).toMatchObject({
      note: 'new',
      labels: { a: '2' },
      priority: 9,
    });
    expect(await changesOf(id)).toEqual(
      expect.arrayContaining([
        {
          name: 'priority-changed',
          actor: BOB,
          details: { from: 0, to: 9 },
        },
        {
          name: 'labels-changed',
          actor: BOB,
          details: { from: { a: '1', bb: '2' }, to: { a: '2' } },
        },
        {
          name: 'note-changed',
          actor: BOB,
          details: { from: 'old', to: 'new' },
        },
      ]),
    );
  });

  it('writes nothing for what is as it was', async () => {
    const id = await queued({ labels: { a: '1', bb: '2' }, note: 'x' });
    await update(id, {
      note: 'x',
      labels: { bb: '2', a: '1' },
      priority: 0,
      runAt: 'now',
    });
    expect(await changesOf(id)).toEqual([]);
  });

  it('removes a note that is empty', async () => {
    const id = await queued({ note: 'x' });
    await update(id, { note: '' });
    expect((await runs.getRun(id)).note).toBeUndefined();
  });

  it.each(['running', 'cancelling', 'succeeded', 'cancelled'] as const)(
    'changes note and labels of a run that is %s, but not its place in the queue',
    async state => {
      const id = await queued({
        state,
        cancel_requested_by: 'user:default/carol',
        cancel_requested_at: new Date(),
      });
      await update(id, { note: 'seen', labels: { a: '1' } });
      expect(await runs.getRun(id)).toMatchObject({ note: 'seen' });
      for (const request of [
        { priority: 1 },
        { toFront: true },
        { runAt: 'now' },
        { note: 'lost', priority: 1 },
      ] as const) {
        const outcome = update(id, request);
        await expect(outcome).rejects.toThrow(ConflictError);
        await expect(outcome).rejects.toThrow(
          /(by|as) user:default\/(alice|carol)|ended as succeeded at \d/,
        );
      }
      expect((await runs.getRun(id)).note).toBe('seen');
    },
  );

  it('moves the start and the deadline in the queue with it, and wakes the workers', async () => {
    const { id } = await runs.submitRun({
      request: {
        pipelineId: 'ingest',
        parameters: {},
        runAt: '2100-01-01T00:00:00Z',
      },
      actor: BOB,
      trigger: 'manual',
    });
    expect((await row(id)).queue_deadline).toEqual(
      new Date('2100-01-01T01:00:00Z'),
    );

    const heard = await listen(() => update(id, { runAt: 'now' }));

    const { run_at, queue_deadline } = await row(id);
    expect(run_at.getTime()).toBeLessThan(Date.now() + HOUR_MS);
    expect(queue_deadline.getTime() - run_at.getTime()).toBe(HOUR_MS);
    expect(heard).toContain('{"kind":"queued"}');
    expect(heard).toContainEqual(expect.stringContaining(`"runId" : "${id}"`));
    expect(await changesOf(id)).toEqual([
      {
        name: 'start-changed',
        actor: BOB,
        details: {
          from: '2100-01-01T00:00:00.000Z',
          to: run_at.toISOString(),
        },
      },
    ]);
  });

  it('takes a start in the past for now, so that nobody gets in front by it', async () => {
    const first = await queued();
    const second = await queued({ run_at: new Date('2100-01-01T00:00:00Z') });
    await update(second, { runAt: '1999-01-01T00:00:00Z' });
    expect((await row(second)).run_at.getTime()).toBeGreaterThan(
      (await row(first)).run_at.getTime(),
    );
  });

  it('brings a run to the front of its own pipeline, below zero as well as above', async () => {
    await queued({ priority: -3 });
    const low = await queued({ priority: -50 });
    await update(low, { toFront: true });
    expect((await row(low)).priority).toBe(-2);

    await queued({ priority: 100 });
    await queued({ priority: 300, pipeline_id: 'other' });
    await queued({ priority: 300, state: 'running' });
    const last = await queued();
    await update(last, { toFront: true });
    expect((await row(last)).priority).toBe(101);
    await update(last, { toFront: true });
    expect(await changesOf(last)).toEqual([
      expect.objectContaining({
        name: 'priority-changed',
        details: { from: 0, to: 101, toFront: true },
      }),
    ]);
  });

  it('leaves the only queued run where it is', async () => {
    const id = await queued({ priority: -5 });
    await update(id, { toFront: true });
    expect((await row(id)).priority).toBe(-5);
  });

  it('gives each of many who want to the front a place of their own', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => queued()));
    await Promise.all(ids.map(id => update(id, { toFront: true })));
    const priorities = await Promise.all(
      ids.map(async id => (await row(id)).priority),
    );
    expect(new Set(priorities).size).toBe(8);
  });

  it.each<[string, ChangeRunRequest]>([
    ['nothing to change', {}],
    ['a priority and the front', { priority: 1, toFront: true }],
    ['NUL in the note', { note: 'a\0' }],
    ['a lone surrogate in a label', { labels: { a: '\ud800' } }],
  ])('refuses %s', async (_, request) => {
    const id = await queued();
    await expect(update(id, request)).rejects.toThrow(InputError);
    expect(await changesOf(id)).toEqual([]);
  });

  it('refuses a run that there is not', async () => {
    await expect(update(uuid(), { note: 'x' })).rejects.toThrow(NotFoundError);
  });

  it('adds labels to those of a run, up to twenty', async () => {
    const id = await queued({
      labels: Object.fromEntries(
        Array.from({ length: 19 }, (_, i) => [`l${i}`, 'x']),
      ),
    });
    await update(id, { addLabels: { l0: 'y', extra: 'z' } });
    expect((await runs.getRun(id)).labels).toMatchObject({
      l0: 'y',
      l1: 'x',
      extra: 'z',
    });
    await expect(update(id, { addLabels: { more: 'z' } })).rejects.toThrow(
      /at most 20 labels/,
    );
  });
});
