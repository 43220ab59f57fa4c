import { mockServices } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { createTestDefinitions, TestDatabase } from '../../__testUtils__';
import { retentionOf } from '../retention';
import { RunsService } from '../RunsService';
import { uuidAt } from '../uuidAt';
import { PruneRunsTask } from './PruneRunsTask';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('the retention of a pipeline', () => {
  let database: TestDatabase;
  const removeFiles = jest.fn(async (_ids: readonly string[]) => {});

  beforeEach(async () => {
    database = await TestDatabase.create();
    removeFiles.mockClear();
  });
  afterEach(() => database.drop());

  async function setUp(settings: object = {}) {
    const { knex } = database;
    await createTestDefinitions(knex, [{ id: 'short' }, { id: 'long' }]);
    await knex('settings_revisions').insert([
      {
        scope: 'pipeline:short',
        revision: 1,
        patch: { retention: { logDays: 3, artifactDays: 5 } },
        author: 'x',
      },
      { scope: 'portal', revision: 1, patch: settings, author: 'x' },
    ]);
    const definitions = await createTestDefinitions(knex, [
      { id: 'short' },
      { id: 'long', retention: { logDays: 90 } },
    ]);
    return {
      definitions,
      runs: new RunsService({ knex, definitions }),
      task: new PruneRunsTask({
        knex,
        logger: mockServices.logger.mock(),
        retention: () => retentionOf(definitions),
        removeFiles,
      }),
    };
  }

  let tail = 0;
  async function insertRun(
    pipelineId: string,
    queuedAt: Date,
    options: { endedAt?: Date; chunks?: number } = {},
  ) {
    const { endedAt = queuedAt, chunks = 1 } = options;
    const { knex } = database;
    tail += 1;
    const id = `${uuidAt(queuedAt).slice(0, 14)}7000-8000-${`${tail}`.padStart(
      12,
      '0',
    )}`;
    await knex('runs').insert({
      id,
      pipeline_id: pipelineId,
      trigger: 'manual',
      state: 'failed',
      title: 't',
      submitted_by: 'x',
      queued_at: queuedAt,
      finished_at: endedAt,
      attempt: 1,
    });
    await knex('run_attempts').insert({
      run_id: id,
      attempt: 1,
      worker_id: 'w',
      host: 'h',
      boot_id: 'b',
      log_chunks: chunks,
    });
    if (chunks > 0) {
      await knex.raw(
        `insert into log_chunks (run_id, attempt, chunk_no, first_line, line_count, stream_lines, byte_start, byte_len, data)
         select ?, 1, n, n, 1, '{1}', n, 1, 'x' from generate_series(0, ? - 1) as n`,
        [id, chunks],
      );
    }
    await knex('run_artifacts').insert({
      id: randomUUID(),
      run_id: id,
      attempt: 1,
      name: 'a.txt',
      media_type: 'text/plain',
      bytes: 1,
      sha256: 'x',
      store_key: 'k',
    });
    return id;
  }

  const runsIn = async (table: string) =>
    (await database.knex(table).distinct('run_id').orderBy('run_id')).map(
      row => row.run_id,
    );

  it('is told before: how many runs lose what with the next pass, and within a week', async () => {
    const { task, runs } = await setUp();
    await insertRun('short', daysAgo(30), { endedAt: daysAgo(6) });
    await insertRun('short', daysAgo(6));
    await insertRun('short', daysAgo(4), { chunks: 0 });
    await insertRun('short', daysAgo(2));
    await insertRun('long', daysAgo(6));
    await database.knex('run_attempts').update({ log_bytes: 100 });
    const query = { logDays: 3, artifactDays: 5, runDays: 5 };
    const preview = await runs.previewRetention(query, ['short']);
    expect(preview).toEqual({
      asOf: expect.any(String),
      runs: { now: 2, soon: 2, isMore: false },
      logs: { now: 2, soon: 1, bytes: 200, isMore: false },
      artifacts: { now: 2, soon: 2, bytes: 2, isMore: false },
    });

    const before = [
      (await runsIn('log_chunks')).length,
      (await runsIn('run_artifacts')).length,
    ];
    await task.run();
    expect([
      before[0] - (await runsIn('log_chunks')).length,
      before[1] - (await runsIn('run_artifacts')).length,
    ]).toEqual([preview.logs!.now, preview.artifacts!.now]);
    expect(await runs.previewRetention(query, ['short'])).toMatchObject({
      logs: { now: 0, soon: 1, bytes: 0 },
      artifacts: { now: 0, soon: 2 },
    });
    expect(
      await runs.previewRetention({ artifactDays: 5 }, 'all'),
    ).toMatchObject({ artifacts: { now: 1, soon: 2 } });
    const many = Array.from({ length: 3_400 }, (_, i) => `none-${i}`);
    expect(
      await runs.previewRetention({ logDays: 12 }, ['short', 'long', ...many]),
    ).toMatchObject({ logs: { isMore: false } });
    expect(
      await runs.previewRetention({ logDays: 5 }, ['short', 'long', ...many]),
    ).toMatchObject({ logs: { isMore: true } });
    expect(await runs.previewRetention({ logDays: 1 }, [])).toMatchObject({
      logs: { now: 0, soon: 0, isMore: false },
    });
  });

  it('removes logs and artifacts of its own old runs only, and says so', async () => {
    const { task, runs } = await setUp();
    const old = await insertRun('short', daysAgo(6));
    const middle = await insertRun('short', daysAgo(4));
    const young = await insertRun('short', daysAgo(2));
    const late = await insertRun('short', daysAgo(9), { endedAt: daysAgo(1) });
    const other = await insertRun('long', daysAgo(6));
    await task.run();

    expect(await runsIn('log_chunks')).toEqual([late, other, young].sort());
    expect(await runsIn('run_artifacts')).toEqual(
      [late, other, middle, young].sort(),
    );
    expect(removeFiles.mock.calls).toEqual([[[old]]]);

    const detail = await runs.getRun(old);
    expect(detail.logRemovedAt).toEqual(expect.any(String));
    expect(detail.artifactsRemovedAt).toEqual(expect.any(String));
    expect(await runs.getRun(young)).not.toHaveProperty('logRemovedAt');
    const { items } = await runs.listEvents(old, { limit: 10 });
    expect(items).toMatchObject([
      {
        name: 'artifacts_removed',
        actor: 'system:retention',
        details: { keptDays: 5, names: ['a.txt'] },
      },
      {
        name: 'log_removed',
        actor: 'system:retention',
        details: { keptDays: 3 },
      },
    ]);
  });

  it('does so once, and leaves a run without a log alone', async () => {
    const { task, runs } = await setUp();
    const silent = await insertRun('short', daysAgo(4), { chunks: 0 });
    const old = await insertRun('short', daysAgo(6));
    await task.run();
    await task.run();
    expect((await runs.listEvents(old, { limit: 10 })).items).toHaveLength(2);
    expect((await runs.listEvents(silent, { limit: 10 })).items).toEqual([]);
    expect(await runs.getRun(silent)).not.toHaveProperty('logRemovedAt');
  });

  it('removes logs of many chunks, and of more runs than it looks at at once', async () => {
    const { task } = await setUp();
    await insertRun('short', daysAgo(6), { chunks: 450 });
    for (let i = 0; i < 120; i++) {
      await insertRun('short', daysAgo(6));
    }
    await task.run();
    expect(await runsIn('log_chunks')).toEqual([]);
    expect(await runsIn('run_artifacts')).toEqual([]);
    const events = await database
      .knex('run_events')
      .where({ name: 'log_removed' });
    expect(events).toHaveLength(121);
  });

  it('goes on where it was ended', async () => {
    const { task } = await setUp();
    for (let i = 0; i < 3; i++) {
      await insertRun('short', daysAgo(6));
    }
    const stop = new AbortController();
    removeFiles.mockImplementationOnce(async () => stop.abort());
    await task.run(stop.signal);
    expect(await runsIn('run_artifacts')).toHaveLength(2);
    await task.run();
    expect(await runsIn('run_artifacts')).toEqual([]);
  });

  it('keeps what is known of artifacts whose files cannot be removed', async () => {
    const { task } = await setUp();
    const old = await insertRun('short', daysAgo(6));
    await insertRun('long', daysAgo(401));
    removeFiles.mockRejectedValueOnce(new Error('no such bucket'));
    await expect(task.run()).rejects.toThrow('no such bucket');
    // Of the others it still removes what it should.
    expect(await runsIn('run_attempts')).toEqual([old]);
    expect(await runsIn('run_artifacts')).toEqual([old]);
  });

  it('takes the limits of the portal from its settings', async () => {
    const { task, definitions } = await setUp({
      retention: { runDays: 4, logDays: 2 },
    });
    expect(retentionOf(definitions)).toEqual({
      runDays: 4,
      logDays: 2,
      pipelines: [],
    });
    await insertRun('long', daysAgo(5));
    const young = await insertRun('long', daysAgo(3));
    await task.run();
    expect(await runsIn('run_attempts')).toEqual([young]);
  });
});
