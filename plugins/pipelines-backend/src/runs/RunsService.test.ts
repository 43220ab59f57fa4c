import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  MAX_PARAMETERS_BYTES,
  RunDetailSchema,
  RunEventsResponseSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { RunsService } from './RunsService';
import type { SubmitRunOptions } from './types';

const ALICE = 'user:default/alice';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('RunsService', () => {
  let database: TestDatabase;
  let runs: RunsService;

  beforeAll(async () => {
    database = await TestDatabase.create({ poolSize: 60 });
    const definitions = await createTestDefinitions(database.knex, [
      {
        id: 'ingest',
        title: 'Ingest',
        titleTemplate: 'Ingest ${{ parameters.url }}',
        version: '1.4.0',
        owner: 'group:default/data',
        parameters: {
          type: 'object',
          required: ['url'],
          properties: {
            url: { type: 'string' },
            depth: { type: 'number', default: 3 },
          },
          additionalProperties: false,
        },
        maxAttempts: 3,
      },
      { id: 'any' },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
  });
  afterAll(() => database.drop());
  beforeEach(() => database.knex('runs').delete());

  const submit = (options: Partial<SubmitRunOptions> = {}) =>
    runs.submitRun({
      request: { pipelineId: 'ingest', parameters: { url: 'http://a' } },
      actor: ALICE,
      trigger: 'manual',
      ...options,
    });
  const submitAny = (parameters: Record<string, unknown>) =>
    submit({ request: { pipelineId: 'any', parameters } });
  const countRuns = async () =>
    Number((await database.knex('runs').count({ n: '*' }).first())?.n);

  it('queues a run with its defaults, its title, its version and its first event', async () => {
    const { id, state, created } = await submit();

    expect({ state, created }).toEqual({ state: 'queued', created: true });
    const run = await runs.getRun(id);
    expect(RunDetailSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({
      title: 'Ingest http://a',
      parameters: { url: 'http://a', depth: 3 },
      pipelineVersion: '1.4.0',
      submittedBy: ALICE,
      owner: 'group:default/data',
      attempt: 0,
      maxAttempts: 3,
      stopGraceSeconds: 10,
    });
    const events = await runs.listEvents(id, { limit: 50 });
    expect(RunEventsResponseSchema.parse(events)).toEqual(events);
    expect(events.items).toEqual([
      expect.objectContaining({
        seq: 1,
        kind: 'transition',
        name: 'submitted',
        to: 'queued',
        actor: ALICE,
      }),
    ]);
  });

  it('lets nobody get in front of the queue with a start in the past', async () => {
    const { id } = await submit({
      request: {
        pipelineId: 'any',
        parameters: {},
        runAt: '0000-01-01T00:00:00Z',
      },
    });
    const { runAt, queuedAt } = await runs.getRun(id);
    expect(runAt).toBe(queuedAt);
  });

  it('makes one run of fifty submits at once with the same key', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => submit({ idempotencyKey: 'key-1' })),
    );

    expect(await countRuns()).toBe(1);
    expect(new Set(answers.map(answer => answer.id)).size).toBe(1);
    expect(answers.filter(answer => answer.created)).toHaveLength(1);
  });

  it('refuses a key that was used for another request, and changes nothing', async () => {
    await submit({ idempotencyKey: 'key-2' });

    await expect(
      submit({
        idempotencyKey: 'key-2',
        request: { pipelineId: 'ingest', parameters: { url: 'http://b' } },
      }),
    ).rejects.toThrow(ConflictError);
    expect(await countRuns()).toBe(1);
  });

  it('takes the order of keys in a request for no difference', async () => {
    const first = await submit({
      idempotencyKey: 'key-3',
      request: { pipelineId: 'any', parameters: { a: 1, b: { c: 1, d: 2 } } },
    });
    const second = await submit({
      idempotencyKey: 'key-3',
      request: { pipelineId: 'any', parameters: { b: { d: 2, c: 1 }, a: 1 } },
    });

    expect(second).toEqual({ id: first.id, state: 'queued', created: false });
  });

  it('keeps the keys of different people and pipelines apart', async () => {
    await submit({ idempotencyKey: 'key-4' });
    await submit({ idempotencyKey: 'key-4', actor: 'user:default/bob' });
    await submit({
      idempotencyKey: 'key-4',
      request: { pipelineId: 'any', parameters: {} },
    });

    expect(await countRuns()).toBe(3);
  });

  it('leaves no run behind when the transaction of its caller is rolled back', async () => {
    const trx = await database.knex.transaction();
    await runs.submitRun(
      {
        request: { pipelineId: 'any', parameters: {} },
        actor: ALICE,
        trigger: 'manual',
        idempotencyKey: 'key-5',
      },
      { trx },
    );
    await trx.rollback();

    expect(await countRuns()).toBe(0);
  });

  it.each([
    ['an empty key', ''],
    ['a key of 201 characters', 'x'.repeat(201)],
    ['a key with a line feed', 'a\nb'],
    ['a key that is not ASCII', 'ключ'],
  ])('refuses %s', async (_, idempotencyKey) => {
    await expect(submit({ idempotencyKey })).rejects.toThrow(InputError);
    expect(await countRuns()).toBe(0);
  });

  it('refuses an unknown pipeline', async () => {
    await expect(
      submit({ request: { pipelineId: 'nope', parameters: {} } }),
    ).rejects.toThrow(NotFoundError);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a missing parameter', {}],
    ['an extra parameter', { url: 'x', other: 1 }],
    ['a parameter of the wrong type', { url: 1 }],
  ])('refuses %s', async (_, parameters) => {
    await expect(
      submit({ request: { pipelineId: 'ingest', parameters } }),
    ).rejects.toThrow(InputError);
    expect(await countRuns()).toBe(0);
  });

  let nested: unknown = 'x';
  for (let i = 0; i < 50_000; i++) {
    nested = [nested];
  }
  it.each<[string, Record<string, unknown>]>([
    ['NUL in a value', { a: 'x\0y' }],
    ['NUL in a key', { 'a\0': 1 }],
    ['a lone surrogate', { a: { b: ['\ud800'] } }],
    ['a number beyond a double', { a: JSON.parse('1e400') }],
    ['50,000 levels', { a: nested }],
    ['1,001 keys', Object.fromEntries([...Array(1_001).keys()].entries())],
    ['a key of a megabyte', { ['k'.repeat(1_000_000)]: 1 }],
    ['a key that reaches a prototype', JSON.parse('{"a":{"__proto__":1}}')],
    ['more than the limit of bytes', { a: 'x'.repeat(MAX_PARAMETERS_BYTES) }],
  ])('refuses parameters with %s', async (_, parameters) => {
    await expect(submitAny(parameters)).rejects.toThrow(InputError);
    expect(await countRuns()).toBe(0);
  });

  it('keeps what only looks dangerous as it is', async () => {
    const parameters = {
      a: "'; drop table runs; --",
      b: '\u2028\u202e😀',
      c: ':name ?',
    };
    const { id } = await submitAny(parameters);

    expect((await runs.getRun(id)).parameters).toEqual(parameters);
  });

  it('pages through events by their number', async () => {
    const { id } = await submitAny({});
    await database.knex('run_events').insert(
      [2, 3, 4, 5].map(seq => ({
        run_id: id,
        seq,
        kind: 'runner',
        name: `n${seq}`,
        actor: 'x',
      })),
    );

    const first = await runs.listEvents(id, { limit: 3 });
    const second = await runs.listEvents(id, {
      limit: 3,
      cursor: first.nextCursor,
    });

    expect(first.items.map(({ seq }) => seq)).toEqual([5, 4, 3]);
    expect(second.items.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each(['garbage', '%%%', 'e30', 'MQ', 'eyJiZWZvcmUiOiJ4In0'])(
    'refuses the cursor %s',
    async cursor => {
      const { id } = await submitAny({});
      await expect(runs.listRuns({ limit: 10, cursor }, 'all')).rejects.toThrow(
        InputError,
      );
      await expect(runs.listEvents(id, { limit: 10, cursor })).rejects.toThrow(
        InputError,
      );
    },
  );

  it('has no steps for an attempt beyond all numbers', async () => {
    const { id } = await submitAny({});
    expect(await runs.listSteps(id, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });
});
