import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { RunDetailSchema } from '@millrace/backstage-plugin-pipelines-common';
import { v7 as uuid } from 'uuid';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { insertRun } from '../__testUtils__/insertRun';
import { DatabaseRunQueue } from '../queue';
import { MASK, SealedParameters } from '../secrets';
import { RunsService } from './RunsService';
import type { RetryRequest } from './types';

const ALICE = 'user:default/alice';
const BOB = 'user:default/bob';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('retrying a run', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  const secrets = new SealedParameters({ keys: ['k'.repeat(32)] });

  beforeAll(async () => {
    database = await TestDatabase.create({ poolSize: 30 });
    const definitions = await createTestDefinitions(database.knex, [
      {
        id: 'ingest',
        titleTemplate: 'Ingest ${{ parameters.url }}',
        concurrency: { key: '${{ parameters.url }}', perKey: 1 },
        settingsRevision: 4,
        maxAttempts: 3,
        resumableSteps: true,
        parameters: {
          type: 'object',
          required: ['url'],
          properties: { url: { type: 'string' }, depth: { type: 'integer' } },
          additionalProperties: false,
        },
      },
      { id: 'plain' },
      {
        id: 'sealed',
        titleTemplate: 'With ${{ parameters.token }}',
        concurrency: { key: '${{ parameters.token }}', perKey: 1 },
        parameters: {
          type: 'object',
          required: ['token'],
          properties: {
            token: { type: 'string', format: 'password' },
            place: { type: 'string' },
          },
        },
      },
      { id: 'own', internal: true },
    ]);
    await database
      .knex('pipelines')
      .insert({ id: 'removed', title: 'Removed', engine: 'fake' });
    runs = new RunsService({ knex: database.knex, definitions, secrets });
    queue = new DatabaseRunQueue({ knex: database.knex });
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });
  beforeEach(() => database.knex('runs').delete());

  const failed = (columns: Record<string, unknown> = {}) =>
    insertRun(database.knex, {
      pipeline_id: 'ingest',
      state: 'failed',
      parameters: { url: 'http://a', depth: 2 },
      ...columns,
    });
  const retry = (
    runId: string,
    request: RetryRequest = {},
    options: { actor?: string; idempotencyKey?: string } = {},
  ) => runs.retryRun({ runId, request, actor: BOB, ...options });
  const eventsOf = async (runId: string) =>
    (await runs.listEvents(runId, { limit: 50 })).items.map(
      ({ kind, name, actor, details }) => ({ kind, name, actor, details }),
    );
  const countRuns = async () =>
    Number((await database.knex('runs').count({ n: '*' }).first())?.n);
  const row = (id: string) => database.knex('runs').where({ id }).first();

  it('queues a new run like the old one and tells both of it', async () => {
    const old = await failed({
      labels: { team: 'data' },
      priority: 7,
      note: 'careful',
    });
    const { id, state, created } = await retry(old);

    expect({ state, created }).toEqual({ state: 'queued', created: true });
    const run = await runs.getRun(id);
    expect(RunDetailSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({
      retryOf: old,
      trigger: 'retry',
      submittedBy: BOB,
      title: 'Ingest http://a',
      parameters: { url: 'http://a', depth: 2 },
      labels: { team: 'data' },
      priority: 7,
      note: 'careful',
      maxAttempts: 3,
    });
    expect(run.resumedFrom).toBeUndefined();
    expect(await row(id)).toMatchObject({
      concurrency_key: 'http://a',
      settings_revision: 4,
    });
    expect(await eventsOf(old)).toEqual([
      { kind: 'action', name: 'retried', actor: BOB, details: { runId: id } },
    ]);
    expect(await eventsOf(id)).toEqual([
      {
        kind: 'transition',
        name: 'submitted',
        actor: BOB,
        details: { retryOf: old },
      },
    ]);
  });

  it('takes what the request says instead of what the old run had', async () => {
    const old = await failed({ labels: { team: 'data' }, note: 'careful' });
    const { id } = await retry(old, {
      parameters: { url: 'http://b' },
      labels: {},
      priority: -5,
      note: '',
    });

    const run = await runs.getRun(id);
    expect(run).toMatchObject({
      title: 'Ingest http://b',
      parameters: { url: 'http://b' },
      labels: {},
      priority: -5,
    });
    expect(run.note).toBeUndefined();
  });

  it('does not let a run that was brought to the front keep more than anyone may ask for', async () => {
    const { id } = await retry(await failed({ priority: 140 }));
    expect((await runs.getRun(id)).priority).toBe(100);
  });

  it('makes one run, and one event, of the same key and request', async () => {
    const old = await failed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        retry(old, { priority: 1 }, { idempotencyKey: 'k' }),
      ),
    );

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await eventsOf(old)).toHaveLength(1);
    await expect(
      retry(old, { priority: 2 }, { idempotencyKey: 'k' }),
    ).rejects.toThrow(ConflictError);
    await expect(
      retry(await failed(), { priority: 1 }, { idempotencyKey: 'k' }),
    ).rejects.toThrow(ConflictError);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'is queued',
      { state: 'queued' },
      /is queued since \d.*by user:default\/alice/,
    ],
    [
      'is running',
      { state: 'running' },
      /is running since \d.*by user:default\/alice/,
    ],
    [
      'is being cancelled',
      { state: 'cancelling', cancel_requested_by: 'user:default/carol' },
      /is being cancelled since \d.*user:default\/carol asked/,
    ],
    [
      'was executed elsewhere',
      { state: 'failed', origin: 'reported' },
      /executed elsewhere/,
    ],
    [
      'has a pipeline that is gone',
      { state: 'failed', pipeline_id: 'removed' },
      /'removed' is not configured any more/,
    ],
    [
      'is one of our own',
      { state: 'failed', pipeline_id: 'own' },
      /our own pipeline/,
    ],
  ])(
    'refuses a run that %s, and changes nothing',
    async (_, columns, message) => {
      const old = await failed(columns);
      const outcome = retry(old);
      await expect(outcome).rejects.toThrow(ConflictError);
      await expect(outcome).rejects.toThrow(message);
      expect(await countRuns()).toBe(1);
      expect(await eventsOf(old)).toEqual([]);
    },
  );

  it('refuses a run that there is not', async () => {
    await expect(retry(uuid())).rejects.toThrow(NotFoundError);
  });

  it('refuses parameters that do not fit the pipeline any more, by the name of each', async () => {
    const old = await failed({ parameters: { url: 'http://a', speed: 3 } });
    await expect(retry(old)).rejects.toThrow(/there is no parameter 'speed'/);
    await expect(retry(old, { parameters: { url: 7 } })).rejects.toThrow(
      /'url' must be string/,
    );
    expect(await countRuns()).toBe(1);
  });

  describe('from the failed step', () => {
    it.each<
      [
        string,
        [string, 'succeeded' | 'failed' | 'skipped' | 'cancelled'][],
        string,
      ]
    >([
      [
        'the one that failed',
        [
          ['a', 'succeeded'],
          ['b', 'failed'],
          ['c', 'skipped'],
        ],
        'b',
      ],
      [
        'the one that was cancelled',
        [
          ['a', 'succeeded'],
          ['b', 'cancelled'],
        ],
        'b',
      ],
      [
        'not one that was left out on purpose',
        [
          ['a', 'skipped'],
          ['b', 'failed'],
        ],
        'b',
      ],
      [
        'the first that was not reached',
        [
          ['a', 'succeeded'],
          ['b', 'skipped'],
          ['c', 'skipped'],
        ],
        'b',
      ],
    ])('begins at %s', async (_, steps, step) => {
      const old = await failed({ steps });
      expect((await runs.getRun(old)).resumableFrom).toBe(step);
      const { id } = await retry(old, { fromFailedStep: true });
      expect(await runs.getRun(id)).toMatchObject({ resumedFrom: step });
    });

    it('begins again where a run began that has come no further', async () => {
      const old = await failed({ resume_from: 'b' });
      const { id } = await retry(old, { fromFailedStep: true });
      expect(await runs.getRun(id)).toMatchObject({ resumedFrom: 'b' });
    });

    it.each<[string, Record<string, unknown>, RegExp]>([
      ['no steps', {}, /has no step that did not succeed/],
      [
        'only steps that succeeded',
        { steps: [['a', 'succeeded']] },
        /has no step that did not succeed/,
      ],
      [
        'succeeded',
        { state: 'succeeded', steps: [['a', 'failed']] },
        /has no step that did not succeed/,
      ],
      [
        'a pipeline that cannot',
        { pipeline_id: 'plain', steps: [['a', 'failed']] },
        /'plain' cannot begin at a step/,
      ],
    ])('refuses a run with %s', async (_, columns, message) => {
      const old = await failed(columns);
      expect((await runs.getRun(old)).resumableFrom).toBeUndefined();
      const outcome = retry(old, { fromFailedStep: true });
      await expect(outcome).rejects.toThrow(InputError);
      await expect(outcome).rejects.toThrow(message);
      expect(await countRuns()).toBe(1);
    });
  });

  describe('with secret parameters', () => {
    const submit = (parameters: JsonObject, idempotencyKey?: string) =>
      runs.submitRun({
        request: { pipelineId: 'sealed', parameters },
        actor: ALICE,
        trigger: 'manual',
        idempotencyKey,
      });
    const secretsOf = async (runId: string) => {
      const sealed = await database
        .knex('run_secrets')
        .where({ run_id: runId })
        .first('sealed');
      return sealed && secrets.open(sealed.sealed);
    };
    const cancel = (runId: string) => queue.requestCancel({ runId, by: ALICE });
    const TOKEN = 'canary-4711';

    it('keeps them from everything that can be read', async () => {
      const { id } = await submit({ token: TOKEN, place: 'x' }, 'k');

      expect(await runs.getRun(id)).toMatchObject({
        title: `With ${MASK}`,
        parameters: { token: MASK, place: 'x' },
      });
      expect(await secretsOf(id)).toEqual([{ path: ['token'], value: TOKEN }]);
      const { rows } = await database.knex.raw(
        `select json_agg(r)::text || (select json_agg(k)::text from run_keys k) as text from runs r`,
      );
      expect(rows[0].text).not.toContain(TOKEN);
      expect(rows[0].text).toContain(MASK);
    });

    it('tells requests with the same key apart by their secrets alone', async () => {
      const first = await submit({ token: TOKEN }, 'k');
      const again = await submit({ token: TOKEN }, 'k');
      expect(again).toEqual({ ...first, created: false });
      await expect(submit({ token: 'another-one' }, 'k')).rejects.toThrow(
        ConflictError,
      );
    });

    it('takes them from the old run, and edited ones from the request', async () => {
      const { id: old } = await submit({ token: TOKEN, place: 'x' });
      await cancel(old);
      const same = await retry(old);
      const edited = await retry(old, {
        parameters: { token: 'another-one' },
      });

      expect(await secretsOf(same.id)).toEqual(await secretsOf(old));
      expect(await runs.getRun(same.id)).toMatchObject({
        parameters: { token: MASK, place: 'x' },
      });
      expect(await secretsOf(edited.id)).toEqual([
        { path: ['token'], value: 'another-one' },
      ]);
    });

    it('refuses the mask in place of a secret', async () => {
      const { id: old } = await submit({ token: TOKEN });
      await cancel(old);
      await expect(retry(old, { parameters: { token: MASK } })).rejects.toThrow(
        /'token' must be typed again/,
      );
      expect(await countRuns()).toBe(1);
    });

    it('leaves them out of the sets of parameters that are offered', async () => {
      await submit({ token: TOKEN, place: 'x' });
      await submit({ token: 'another-one', place: 'x' });
      const sets = await runs.listParameterSets('sealed');
      expect(sets.map(({ parameters }) => parameters)).toEqual([
        { place: 'x' },
      ]);
    });
  });

  it('lets one of two people cancel and the other retry, and never both at once', async () => {
    let made = 0;
    for (let round = 0; round < 20; round++) {
      const { id } = await runs.submitRun({
        request: { pipelineId: 'plain', parameters: {} },
        actor: ALICE,
        trigger: 'manual',
      });
      const [cancelled, retried] = await Promise.allSettled([
        queue.requestCancel({ runId: id, by: ALICE, reason: 'wrong' }),
        retry(id),
      ]);

      const news = retried.status === 'fulfilled' ? ['retried'] : [];
      const refusal = retried.status === 'rejected' && retried.reason;
      expect(cancelled.status).toBe('fulfilled');
      expect((await eventsOf(id)).map(({ name }) => name)).toEqual([
        ...news,
        'cancelled',
        'submitted',
      ]);
      expect(refusal || new ConflictError('')).toBeInstanceOf(ConflictError);
      expect(await countRuns()).toBe(round + 1 + (made += news.length));
    }
  });
});
