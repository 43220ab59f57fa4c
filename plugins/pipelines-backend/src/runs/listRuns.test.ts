import {
  ListRunsResponseSchema,
  type ListRunsQuery,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import type { PipelineSet } from '../permissions';
import { RunsService } from './RunsService';
import { uuidAt } from './uuidAt';

const PIPELINES = Array.from({ length: 30 }, (_, i) => `p${i}`);
const STATES: RunState[] = [
  'succeeded',
  'succeeded',
  'failed',
  'succeeded',
  'cancelled',
  'succeeded',
  'timed_out',
];
const START = Date.parse('2026-01-01T00:00:00Z');
const RUNS = 600;

interface Fact {
  id: string;
  pipeline: string;
  state: RunState;
  trigger: string;
  at: number;
}

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('listRuns', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let frugal: RunsService;
  const facts: Fact[] = [];

  beforeAll(async () => {
    database = await TestDatabase.create();
    const definitions = await createTestDefinitions(
      database.knex,
      PIPELINES.map(id => ({ id })),
    );
    runs = new RunsService({ knex: database.knex, definitions });
    frugal = new RunsService({
      knex: database.knex,
      definitions,
      scanBudget: 60,
    });
    for (let i = 0; i < RUNS; i++) {
      const at = START + i * 60_000;
      facts.unshift({
        id: `${uuidAt(new Date(at)).slice(0, 14)}7000-8000-000000000000`,
        pipeline: PIPELINES[(i * 7) % PIPELINES.length],
        state: STATES[i % STATES.length],
        trigger: i % 11 === 0 ? 'schedule' : 'manual',
        at,
      });
    }
    await database.knex('runs').insert(
      facts.map(fact => ({
        id: fact.id,
        pipeline_id: fact.pipeline,
        state: fact.state,
        trigger: fact.trigger,
        title: 't',
        submitted_by: 'user:default/a',
        queued_at: new Date(fact.at),
        finished_at: new Date(fact.at + 1_000),
      })),
    );
  });
  afterAll(() => database.drop());

  async function readAll(
    service: RunsService,
    query: Partial<ListRunsQuery>,
    pipelines: PipelineSet,
  ): Promise<{ ids: string[]; pages: number; searched: number }> {
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    let searched = 0;
    do {
      const page = await service.listRuns(
        { limit: 17, ...query, cursor },
        pipelines,
      );
      expect(ListRunsResponseSchema.parse(page)).toEqual(page);
      ids.push(...page.items.map(run => run.id));
      searched += page.searchedBackTo ? 1 : 0;
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor && pages < 500);
    return { ids, pages, searched };
  }

  const few = ['p1', 'p2', 'p7'];
  const many = PIPELINES.slice(0, 25);
  const cases: [string, Partial<ListRunsQuery>, PipelineSet][] = [
    ['everything', {}, 'all'],
    ['a few pipelines', {}, few],
    ['a pipeline named twice', {}, ['p3', 'p3']],
    ['more pipelines than are read one by one', {}, many],
    ['some states', { state: ['failed', 'timed_out'] }, 'all'],
    ['states with succeeded', { state: ['failed', 'succeeded'] }, 'all'],
    ['some states of a few pipelines', { state: ['failed', 'lost'] }, few],
    ['some states of many pipelines', { state: ['failed'] }, many],
    ['a trigger', { trigger: ['schedule'] }, 'all'],
    ['a trigger of a few pipelines', { trigger: ['schedule'] }, few],
    [
      'a window',
      {
        from: '2026-01-01T03:00:00Z',
        to: '2026-01-01T08:00:00+02:00',
        state: ['succeeded'],
      },
      'all',
    ],
  ];
  const expected = (
    { state, trigger, from, to }: Partial<ListRunsQuery>,
    pipelines: PipelineSet,
  ) =>
    facts
      .filter(
        fact =>
          (pipelines === 'all' || pipelines.includes(fact.pipeline)) &&
          (!state || state.includes(fact.state)) &&
          (!trigger || (trigger as string[]).includes(fact.trigger)) &&
          (!from || fact.at >= Date.parse(from)) &&
          (!to || fact.at < Date.parse(to)),
      )
      .map(fact => fact.id);

  it.each(cases)(
    'lists %s newest first, page by page',
    async (_, query, pipelines) => {
      const { ids, searched } = await readAll(runs, query, pipelines);

      expect(ids).toEqual(expected(query, pipelines));
      expect(ids.length).toBeGreaterThan(0);
      expect(searched).toBe(0);
    },
  );

  it.each(cases)(
    'lists %s whole even when each page may look at few rows only',
    async (_, query, pipelines) => {
      const { ids } = await readAll(frugal, query, pipelines);

      expect(ids).toEqual(expected(query, pipelines));
    },
  );

  it.each(cases)(
    'finds the runs before and after a run among %s',
    async (_, query, pipelines) => {
      const listed = expected(query, pipelines);
      for (const { id } of facts.filter((__, index) => index % 61 === 0)) {
        const { newer, older } = await runs.readNeighbours(
          id,
          { limit: 1, ...query },
          pipelines,
        );
        expect({ id, newer: newer?.id, older: older?.id }).toEqual({
          id,
          newer: listed.filter(other => other > id).at(-1),
          older: listed.find(other => other < id),
        });
      }
    },
  );

  it('names no run beside another one that it could not have looked at', async () => {
    const query: ListRunsQuery = { limit: 1, trigger: ['schedule'] };
    const { id } = facts[297];
    const thrifty = new RunsService({
      knex: database.knex,
      definitions: await createTestDefinitions(database.knex, []),
      scanBudget: 2,
    });
    const whole = await runs.readNeighbours(id, query, 'all');
    expect(Object.keys(whole).sort()).toEqual(['newer', 'older']);
    expect(await thrifty.readNeighbours(id, query, 'all')).toEqual({});
  });

  it('says how far back it has searched when it ends for its budget', async () => {
    const page = await frugal.listRuns(
      { limit: 10, trigger: ['schedule'] },
      'all',
    );

    expect(page.items.length).toBeLessThan(10);
    expect(page.searchedBackTo).toBe(new Date(facts[59].at).toISOString());
    expect(page.nextCursor).toBeDefined();
  });

  it('lists nothing for a caller who may see no pipeline', async () => {
    expect(await runs.listRuns({ limit: 10 }, [])).toEqual({ items: [] });
  });
});
