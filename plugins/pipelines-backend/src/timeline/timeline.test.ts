import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { v7 as uuidV7 } from 'uuid';
import { TestDatabase } from '../__testUtils__';
import { createTestDefinitions } from '../__testUtils__/createTestDefinitions';
import { insertRun } from '../__testUtils__/insertRun';
import { RunsService } from '../runs';
import { TimelineService } from './TimelineService';

const HOUR_MS = 3_600_000;
const FROM = Date.parse('2026-03-10T00:00:00Z');
const TO = FROM + 24 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the timeline', () => {
  let database: TestDatabase;
  let timeline: TimelineService;

  async function create(
    options: Partial<ConstructorParameters<typeof TimelineService>[0]> = {},
  ) {
    const { knex } = database;
    const schedule = { timezone: 'UTC', missed: 'skip' as const };
    const definitions = await createTestDefinitions(knex, [
      { id: 'ingest', title: 'Ingest', owner: 'group:default/data' },
      {
        id: 'nightly',
        title: 'Nightly',
        schedule: { ...schedule, cron: '0 3 * * *', enabled: true },
      },
      {
        id: 'often',
        title: 'Often',
        schedule: { ...schedule, cron: '* * * * *', enabled: true },
      },
      {
        id: 'off',
        title: 'Off',
        schedule: { ...schedule, cron: '0 3 * * *', enabled: false },
      },
      { id: 'ours', title: 'Ours', internal: true },
    ]);
    return new TimelineService({
      knex,
      definitions,
      runs: new RunsService({ knex, definitions }),
      ...options,
    });
  }

  beforeAll(async () => {
    database = await TestDatabase.create();
    timeline = await create();
  }, 120_000);
  afterAll(() => database?.drop());
  beforeEach(() => database.knex('runs').delete());

  /** A run with the times of its life in hours after the window begins. */
  const insert = (
    queued: number,
    started: number | null,
    finished: number | null,
    options: { pipeline?: string; state?: RunState } = {},
  ) => {
    const at = (hours: number | null) =>
      hours === null ? null : iso(FROM + hours * HOUR_MS);
    return insertRun(database.knex, {
      id: uuidV7({ msecs: FROM + queued * HOUR_MS }),
      pipeline_id: options.pipeline ?? 'ingest',
      state: options.state ?? 'succeeded',
      queued_at: at(queued),
      started_at: at(started),
      finished_at: at(finished),
    });
  };
  const read = (
    query: Partial<Parameters<TimelineService['readTimeline']>[0]> = {},
    pipelines: 'all' | string[] = 'all',
    of = timeline,
  ) => of.readTimeline({ from: iso(FROM), to: iso(TO), ...query }, pipelines);
  const runsOf = async (...args: Parameters<typeof read>) => {
    const { pipelines } = await read(...args);
    return pipelines.flatMap(({ runs }) => runs);
  };
  const spansOf = async (...args: Parameters<typeof read>) =>
    (await runsOf(...args)).map(({ start, end }) => [
      (start - FROM) / HOUR_MS,
      end === undefined ? undefined : (end - FROM) / HOUR_MS,
    ]);

  it('has every run that was executed at some time of the window, oldest first', async () => {
    await insert(-3, -2, -1);
    await insert(-3, -2, 1);
    await insert(-30, -29, 48);
    await insert(-20, 5, 6);
    await insert(-10, -9, null, { state: 'running' });
    await insert(1, 2, 3);
    await insert(23, 25, 26);
    await insert(2, null, null, { state: 'queued' });
    await insert(3, null, 4, { state: 'cancelled' });
    await insert(25, 26, 27);
    expect(await spansOf()).toEqual([
      [-29, 48],
      [5, 6],
      [-9, undefined],
      [-2, 1],
      [2, 3],
    ]);
  });

  it('has only the pipelines and states that are wanted, and nothing of our own', async () => {
    await insert(1, 2, 3);
    await insert(2, 3, 4, { state: 'failed' });
    await insert(3, 4, 5, { pipeline: 'nightly' });
    await insert(4, 5, 6, { pipeline: 'ours' });
    expect(await spansOf()).toHaveLength(3);
    expect(await spansOf({ state: ['failed', 'lost'] })).toEqual([[3, 4]]);
    expect(await spansOf({}, ['nightly', 'ours'])).toEqual([[4, 5]]);
    const { pipelines } = await read({}, ['nightly', 'ours']);
    expect(pipelines.map(({ id }) => id)).toEqual(['nightly']);
  });

  it('says since when it is complete where there are too many runs', async () => {
    for (const hour of [1, 2, 3]) {
      await insert(hour, hour, hour + 1);
    }
    const small = await create({ maxRuns: 2 });
    const cut = await read({}, 'all', small);
    expect(await spansOf({}, 'all', small)).toEqual([
      [2, 3],
      [3, 4],
    ]);
    expect(cut.runsSince).toBe(iso(FROM + 2 * HOUR_MS));
    expect(await read()).not.toHaveProperty('runsSince');
  });

  it('looks at so many runs and no more, and says since when it knows them all', async () => {
    await insert(-2, -1, 1);
    await insert(0.5, 1, 2, { pipeline: 'nightly' });
    for (const hour of [1, 2, 3, 4]) {
      await insert(hour, hour, hour + 1, { state: 'failed' });
    }
    const since = async (
      budget: { runs: number; ends: number },
      ...args: Parameters<typeof read>
    ) => {
      const [query, pipelines] = args;
      const of = await create({ budget });
      const { runsSince } = await read(query, pipelines, of);
      return [
        runsSince && (Date.parse(runsSince) - FROM) / HOUR_MS,
        (await spansOf(query, pipelines, of))
          .map(([start]) => start)
          .sort((a, b) => a! - b!),
      ];
    };
    const plenty = { runs: 100, ends: 100 };
    expect(await since(plenty)).toEqual([undefined, [-1, 1, 1, 2, 3, 4]]);
    expect(await since({ ...plenty, runs: 3 })).toEqual([2, [2, 3, 4]]);
    expect(
      await since({ ...plenty, runs: 3 }, { state: ['succeeded'] }),
    ).toEqual([2, []]);
    // One pipeline is looked at alone, so others do not use up what it has.
    expect(await since({ ...plenty, runs: 3 }, {}, ['nightly'])).toEqual([
      undefined,
      [1],
    ]);
    expect(
      await since({ ...plenty, runs: 6 }, {}, ['nightly', 'ingest']),
    ).toEqual([2, [2, 3, 4]]);
    expect(await since({ ...plenty, ends: 3 })).toEqual([
      0,
      [-1, 1, 1, 2, 3, 4],
    ]);
    expect(await since(plenty, {}, [])).toEqual([undefined, []]);
  });

  it('names the planned starts that are still to come, and how long they may take', async () => {
    const now = Date.now();
    for (const hours of [1, 2, 9]) {
      await insertRun(database.knex, {
        pipeline_id: 'nightly',
        state: 'succeeded',
        started_at: iso(now - 10 * HOUR_MS),
        finished_at: iso(now - 10 * HOUR_MS + hours * 60_000),
      });
    }
    const { pipelines } = await read({
      from: iso(now - 24 * HOUR_MS),
      to: iso(now + 48 * HOUR_MS),
    });
    const of = (id: string) => pipelines.find(item => item.id === id)!;
    expect(of('nightly').planned).toHaveLength(2);
    expect(of('nightly').planned.every(at => at > now)).toBe(true);
    expect(new Date(of('nightly').planned[0]).toISOString()).toMatch(
      /T03:00:00.000Z$/,
    );
    expect(of('nightly').expectedMs).toBe(120_000);
    expect(of('often').planned).toHaveLength(100);
    expect(of('often')).not.toHaveProperty('expectedMs');
    expect(of('off').planned).toEqual([]);
    expect((await read()).pipelines.flatMap(({ planned }) => planned)).toEqual(
      [],
    );
  });

  it('refuses a window that is none or too long', async () => {
    await expect(read({ to: iso(FROM) })).rejects.toThrow(
      'which is not after its start',
    );
    await expect(read({ to: iso(FROM + 16 * 24 * HOUR_MS) })).rejects.toThrow(
      'is longer than 15 days',
    );
  });

  it('finds the runs of a day by indexes, whatever came before and after', async () => {
    const { knex } = database;
    await knex.raw(
      `insert into runs (id, pipeline_id, trigger, state, title, submitted_by, queued_at, started_at, finished_at)
       select overlay(millrace_uuid_at(at)::text placing lpad(to_hex(n), 12, '0') from 25)::uuid,
         'ingest', 'manual', 'succeeded', 'x', 'u', at, at, at + interval '1 minute'
       from (select n, :from::timestamptz + (n - 37000) * interval '1 minute' as at
         from generate_series(1, 40000) as n) as made`,
      { from: iso(FROM) },
    );
    await knex.raw('analyze runs');
    const queries: { sql: string; bindings: unknown[] }[] = [];
    const listen = (query: { sql: string; bindings: unknown[] }) =>
      queries.push(query);
    knex.on('query', listen);
    expect(await spansOf()).toHaveLength(24 * 60 + 1);
    knex.off('query', listen);
    const found = queries.find(({ sql }) => sql.includes('as found'))!;
    const { rows } = await knex.raw(
      `explain (format json) ${found.sql.replaceAll(/\$\d+/g, '?')}`,
      found.bindings as never,
    );
    const plan = JSON.stringify(rows);
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain('runs_finished');
  });
});
