import {
  RUN_SORTS,
  RUN_STATES,
  RUN_TRIGGERS,
  type ListRunsQuery,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import * as fc from 'fast-check';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import type { PipelineSet } from '../permissions';
import { MASK, SealedParameters } from '../secrets';
import { RunsService } from './RunsService';
import { uuidAt } from './uuidAt';

const PIPELINES = Array.from({ length: 25 }, (_, i) => `p${i}`);
const SUBMITTERS = ['user:default/ada', 'user:default/noor', 'service:console'];
const START = Date.parse('2026-01-01T00:00:00Z');
const RUNS = 300;
const HOUR_S = 3_600;

interface Fact {
  id: string;
  pipeline: string;
  state: RunState;
  trigger: string;
  submittedBy: string;
  labels: Record<string, string>;
  title: string;
  error?: string;
  summary?: string;
  parameters: Record<string, unknown>;
  at: number;
  /** Execution time in seconds, more of what goes on; absent when it never started. */
  executed?: number;
}

/** Every field comes round in a period of its own, so that all combinations occur. */
const FACTS: Fact[] = Array.from({ length: RUNS }, (_, i): Fact => {
  const at = START + i * 60_000;
  const state = RUN_STATES[(i * 5) % RUN_STATES.length];
  return {
    id: `${uuidAt(new Date(at)).slice(0, 14)}7000-8000-${(0xabc0 + i)
      .toString(16)
      .padStart(12, '0')}`,
    pipeline: PIPELINES[(i * 7) % PIPELINES.length],
    state,
    trigger: RUN_TRIGGERS[i % RUN_TRIGGERS.length],
    submittedBy: SUBMITTERS[i % SUBMITTERS.length],
    labels: {
      ...(i % 2 === 0 && { team: i % 4 === 0 ? 'data' : 'media' }),
      ...(i % 3 === 0 && { 'app.example.org/part': '' }),
    },
    title: i % 5 === 0 ? `Ingest 100% of a_b ${i}` : `Übertrag ${i}`,
    error: i % 7 === 0 ? 'The source answered 502 Bad Gateway' : undefined,
    summary: i % 11 === 0 ? 'axb: 1000 records' : undefined,
    parameters:
      i % 13 === 0
        ? { url: 'https://example.org/x', note: 'say "hi" C:\\temp' }
        : { nested: { list: [i, 'Bad'] } },
    at,
    executed: [undefined, 5, 600, HOUR_S, 3 * HOUR_S][i % 5],
  };
}).reverse();

/** What the columns of times say for this fact: ended, going on, or standing still. */
function timesOf({ state, executed, at }: Fact, nowMs: number) {
  if (executed === undefined) {
    return {};
  }
  const pausedMs = 60_000;
  if (state === 'running') {
    return { started_at: new Date(nowMs - executed * 1_000) };
  }
  if (state === 'paused') {
    return {
      started_at: new Date(nowMs - executed * 1_000 - 2 * pausedMs),
      paused_at: new Date(nowMs - pausedMs),
      paused_ms: pausedMs,
    };
  }
  return {
    started_at: new Date(at),
    finished_at: new Date(at + executed * 1_000 + pausedMs),
    paused_ms: pausedMs,
  };
}

type Query = Partial<ListRunsQuery>;

/** The same as {@link Query} in plain words. */
function isMatch(fact: Fact, query: Query, pipelines: PipelineSet): boolean {
  const { executed = NaN } = fact;
  return (
    (pipelines === 'all' || pipelines.includes(fact.pipeline)) &&
    (query.state?.includes(fact.state) ?? true) &&
    !query['state.not']?.includes(fact.state) &&
    !query['pipeline.not']?.includes(fact.pipeline) &&
    (query.trigger?.some(name => name === fact.trigger) ?? true) &&
    !query['trigger.not']?.some(name => name === fact.trigger) &&
    (query.submittedBy?.includes(fact.submittedBy) ?? true) &&
    Object.entries(query.label ?? {}).every(
      ([name, value]) => fact.labels[name] === value,
    ) &&
    (query.q === undefined || hasText(fact, query.q)) &&
    (query.minDuration === undefined || executed >= query.minDuration) &&
    (query.maxDuration === undefined || executed <= query.maxDuration) &&
    (!query.from || fact.at >= Date.parse(query.from)) &&
    (!query.to || fact.at < Date.parse(query.to))
  );
}

function hasText(fact: Fact, q: string): boolean {
  const parameters = JSON.stringify(fact.parameters);
  const texts = [fact.title, fact.error ?? '', fact.summary ?? '', parameters];
  const digits = q.replaceAll('-', '').toLowerCase();
  const id = fact.id.replaceAll('-', '');
  return (
    texts.some(text => text.toLowerCase().includes(q.toLowerCase())) ||
    parameters.includes(JSON.stringify(q).slice(1, -1)) ||
    (digits.length >= 8 && (id.startsWith(digits) || id.endsWith(digits)))
  );
}

/** Each is in some of the facts. */
const TEXTS = [
  '502 bad GATEWAY',
  '100%',
  '100% of a',
  'a_b',
  '%',
  '_',
  'bad',
  'say "hi"',
  'C:\\temp',
  '\\',
  '"note"',
  'HTTPS://example',
  FACTS[20].id,
  FACTS[20].id.slice(0, 8),
  FACTS[20].id.slice(0, 13).toUpperCase(),
  FACTS[33].id.slice(-8),
  FACTS[33].id.replaceAll('-', ''),
];

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the filters of listRuns', () => {
  let database: TestDatabase;
  let services: Record<'usual' | 'frugal' | 'slow', RunsService>;
  const secrets = new SealedParameters({ keys: ['k'.repeat(32)] });

  beforeAll(async () => {
    database = await TestDatabase.create();
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [
      ...PIPELINES.map(id => ({ id })),
      {
        id: 'sealed',
        parameters: {
          type: 'object',
          properties: {
            user: { type: 'string' },
            token: { type: 'string', writeOnly: true },
          },
        },
        titleTemplate: 'Sync as ${{ parameters.user }}',
      },
    ]);
    services = {
      usual: new RunsService({ knex, definitions, secrets }),
      frugal: new RunsService({ knex, definitions, scanBudget: 90 }),
      slow: new RunsService({ knex, definitions, textBudget: 4_000 }),
    };
    const nowMs = Date.now();
    await knex('runs').insert(
      FACTS.map(fact => ({
        id: fact.id,
        pipeline_id: fact.pipeline,
        // Of runs that are executed elsewhere, no state says anything about leases.
        origin: 'reported',
        state: fact.state,
        trigger: fact.trigger,
        title: fact.title,
        submitted_by: fact.submittedBy,
        labels: fact.labels,
        parameters: fact.parameters,
        error_message: fact.error,
        summary: fact.summary,
        queued_at: new Date(fact.at),
        ...timesOf(fact, nowMs),
      })),
    );
  });
  afterAll(() => database.drop());

  async function readAll(
    service: keyof typeof services,
    query: Query,
    pipelines: PipelineSet = PIPELINES,
  ): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await services[service].listRuns(
        { limit: 20, ...query, cursor },
        pipelines,
      );
      ids.push(...page.items.map(run => run.id));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor && pages <= RUNS);
    return ids;
  }
  const expected = (query: Query, pipelines: PipelineSet = PIPELINES) => {
    const matching = FACTS.filter(fact => isMatch(fact, query, pipelines));
    const ids = matching.map(({ id }) => id);
    return query.sort === 'queued' ? ids.reverse() : ids;
  };

  it.each<[string, Query]>([
    ['the oldest first', { sort: 'queued', submittedBy: [SUBMITTERS[0]] }],
    ['other states', { 'state.not': ['succeeded', 'failed'] }],
    [
      'states but for one',
      { state: ['lost', 'failed'], 'state.not': ['lost'] },
    ],
    ['other pipelines', { 'pipeline.not': ['p1', 'p2', 'unknown'] }],
    ['other triggers', { 'trigger.not': ['manual', 'schedule'] }],
    ['what somebody submitted', { submittedBy: ['user:default/ada'] }],
    ['what has a label', { label: { team: 'data' } }],
    ['an empty label', { label: { 'app.example.org/part': '' } }],
    [
      'what has two labels',
      { label: { team: 'media', 'app.example.org/part': '' } },
    ],
    ['long executions', { minDuration: 600 }],
    ['short executions', { maxDuration: 900 }],
    ['executions of about an hour', { minDuration: 900, maxDuration: 5_000 }],
    ...TEXTS.filter(q => q !== 'nothing has this').map((q): [string, Query] => [
      `'${q}'`,
      { q },
    ]),
  ])('finds %s, page by page', async (_, query) => {
    const ids = await readAll('usual', query);
    expect(ids).toEqual(expected(query));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length).toBeLessThan(RUNS);
    expect(await readAll('frugal', query)).toEqual(ids);
    expect(await readAll('slow', query)).toEqual(ids);
  });

  it('finds the same as a plain comparison, whatever is combined', async () => {
    const some = <TItem>(items: readonly TItem[], maxLength = 4) =>
      fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength });
    const time = fc
      .integer({ min: 0, max: RUNS })
      .map(i => new Date(START + i * 60_000).toISOString());
    const seconds = fc.constantFrom(0, 300, 900, 5_000, 4 * HOUR_S);
    const query = fc.record<Query>(
      {
        state: some(RUN_STATES, 8),
        'state.not': some(RUN_STATES, 8),
        'pipeline.not': some([...PIPELINES, 'unknown'], 10),
        trigger: some(RUN_TRIGGERS),
        'trigger.not': some(RUN_TRIGGERS),
        submittedBy: some([...SUBMITTERS, 'user:default/nobody'], 2),
        label: fc.constantFrom<Record<string, string>>(
          { team: 'data' },
          { 'app.example.org/part': '' },
          { team: 'media', 'app.example.org/part': '' },
        ),
        q: fc.constantFrom(...TEXTS, 'is in none of them'),
        minDuration: seconds,
        maxDuration: seconds,
        from: time,
        to: time,
        sort: fc.constantFrom(...RUN_SORTS),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        query,
        fc.oneof(
          fc.constant<PipelineSet>('all'),
          some<string>(PIPELINES, PIPELINES.length),
        ),
        fc.constantFrom<keyof typeof services>('usual', 'frugal', 'slow'),
        async (wanted, pipelines, service) =>
          expect(await readAll(service, wanted, pipelines)).toEqual(
            expected(wanted, pipelines),
          ),
      ),
      { numRuns: 200 },
    );
  });

  it('says how far back it has searched when it ends for the bytes it may compare', async () => {
    const query = { q: 'is in none of them', limit: 20 };
    const page = await services.slow.listRuns(query, PIPELINES);
    expect(page.items).toEqual([]);
    expect(page.nextCursor).toBeDefined();
    const [newest, oldest] = [FACTS[0].at, FACTS[RUNS - 1].at];
    const reached = Date.parse(page.searchedBackTo ?? '');
    expect(reached).toBeLessThan(newest);
    expect(reached).toBeGreaterThan(oldest);
    // Without a text nothing is weighed.
    const other = await services.slow.listRuns(
      { submittedBy: ['user:default/nobody'], limit: 20 },
      PIPELINES,
    );
    expect(other).toEqual({ items: [] });
  });

  it('takes no cursor of another order', async () => {
    const { usual } = services;
    const { nextCursor: newest } = await usual.listRuns({ limit: 5 }, 'all');
    const { nextCursor: oldest } = await usual.listRuns(
      { limit: 5, sort: 'queued' },
      'all',
    );
    await expect(
      usual.listRuns({ limit: 5, sort: 'queued', cursor: newest }, 'all'),
    ).rejects.toThrow(/is not one of this list/);
    await expect(
      usual.listRuns({ limit: 5, cursor: oldest }, 'all'),
    ).rejects.toThrow(/is not one of this list/);
  });

  it('takes fewer than eight digits for text, not for a part of an id', async () => {
    const q = FACTS[20].id.slice(0, 7);
    expect(await readAll('usual', { q })).toEqual([]);
  });

  it('never finds a secret parameter, only its mask', async () => {
    const { id } = await services.usual.submitRun({
      request: {
        pipelineId: 'sealed',
        parameters: { user: 'ada', token: 'correct-horse-battery' },
      },
      actor: 'user:default/ada',
      trigger: 'manual',
    });
    const find = (q: string) => readAll('usual', { q }, ['sealed']);
    expect(await find('ada')).toEqual([id]);
    expect(await find(MASK)).toEqual([id]);
    for (const q of ['correct-horse-battery', 'correct', 'battery', 'horse']) {
      expect(await find(q)).toEqual([]);
    }
  });
});
