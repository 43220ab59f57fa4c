import { ConflictError, NotFoundError } from '@backstage/errors';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { v7 as uuid } from 'uuid';
import { waitFor } from '../__testUtils__';
import {
  EXIT_0,
  EXIT_1,
  QueueHarness,
} from '../queue/__testUtils__/QueueHarness';
import { LeaseLostError, type Lease } from '../runs';
import { pruneRuns } from '../runs/operations/pruneRuns';
import { foldDeltas } from './operations/foldDeltas';
import {
  keepDeletedRuns,
  recount,
  totalsThatDiffer,
} from './__testUtils__/recount';

const IS_LONG = Boolean(process.env.MILLRACE_TEST_FULL);
const CASES = IS_LONG ? 200 : 8;
/** Days and hours of this zone begin neither with those of UTC nor on its hours. */
const TIMEZONE = 'Asia/Kolkata';
const PIPELINES = ['a', 'b', 'c'];
const FOREIGN_STATES = ['succeeded', 'failed', 'cancelled', 'running'] as const;
const WORKER = { id: 'w', host: 'h', bootId: 'b' };

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(IS_LONG ? 600_000 : 90_000);

const STEPS = [
  'submit',
  'claim',
  'succeed',
  'fail',
  'give back',
  'end late',
  'cancel',
  'lose',
  'report',
  'correct',
  'roll back',
  'delete',
  'fold',
  'crash while folding',
  'recount',
] as const;

/** What somebody does; the number says to which of the things that it can be done to. */
interface Step {
  does: (typeof STEPS)[number];
  n: number;
}

/** Somebody else was first: that is what this is about. */
function assertRefused(error: unknown) {
  const isRefused = [LeaseLostError, ConflictError, NotFoundError].some(
    refusal => error instanceof refusal,
  );
  if (!isRefused) {
    throw error;
  }
}

describe('roll-ups', () => {
  let harness: QueueHarness;
  let clients: Knex[];
  let leases: Lease[];
  let spent: Lease[];

  beforeAll(async () => {
    harness = await QueueHarness.create({
      pipelines: PIPELINES.map(id => ({ id, maxAttempts: 3 })),
      processes: 2,
    });
    clients = [harness.knex, harness.database.connect()];
    await keepDeletedRuns(harness.knex);
  });

  afterAll(async () => {
    await clients[1].destroy();
    await harness.drop();
  });

  async function reset() {
    await harness.clear();
    await harness.knex.raw(
      'truncate gone_runs, stats_deltas, stats_hourly, stats_daily, stats_hourly_histograms, stats_daily_histograms, stats_hourly_total, stats_daily_total, stats_hourly_total_histograms, stats_daily_total_histograms',
    );
    leases = [];
    spent = [];
  }

  async function expectEqual() {
    const { expected, actual } = await recount(harness.knex, TIMEZONE);
    expect(actual).toEqual(expected);
    expect(await totalsThatDiffer(harness.knex)).toEqual([]);
  }

  const fold = (knex: Knex, limit: number) =>
    foldDeltas({ knex, timezone: TIMEZONE, limit });

  /** Takes a lease away from the others and ends its attempt. */
  async function end(n: number, write: (lease: Lease) => Promise<unknown>) {
    const [lease] = leases.splice(n % Math.max(1, leases.length), 1);
    if (lease) {
      spent.push(lease);
      await write(lease);
    }
  }

  async function pickRun(n: number, where: string) {
    const runs = await harness.knex('runs').whereRaw(where).orderBy('id');
    return runs[n % Math.max(1, runs.length)];
  }

  /** What somebody else says of a run: ended at some time of the last days, or going on. */
  function facts(n: number) {
    const state = FOREIGN_STATES[n % FOREIGN_STATES.length];
    const endedAt = Date.now() - ((n * 7_919) % 4_320) * 60_000;
    const startedAt = endedAt - (n % 97) * 1_013;
    return {
      state,
      queued_at: new Date(startedAt - (n % 13) * 997),
      run_at: new Date(startedAt - (n % 11) * 997),
      started_at: n % 5 === 0 ? null : new Date(startedAt),
      finished_at: isTerminalRunState(state) ? new Date(endedAt) : null,
    };
  }

  /** The connection of a task that folds is cut after it has written a part. */
  async function crashWhileFolding() {
    const doomed = harness.database.connect(1);
    const { rows } = await doomed.raw('select pg_backend_pid() as pid');
    await harness.knex
      .transaction(async trx => {
        await trx.raw('lock table stats_daily in exclusive mode');
        let isOver = false;
        const folding = fold(doomed, 1_000)
          .catch(() => undefined)
          .finally(() => {
            isOver = true;
          });
        // It does not get that far when another folds just now, or nothing is to be folded.
        await waitFor('the fold to wait or end', async () => {
          const { rows: waiting } = await harness.knex.raw(
            `select from pg_stat_activity where pid = ? and wait_event_type = 'Lock'`,
            [rows[0].pid],
          );
          return isOver || waiting.length > 0;
        });
        if (!isOver) {
          await harness.knex.raw('select pg_terminate_backend(?)', [
            rows[0].pid,
          ]);
        }
        await folding;
      })
      .finally(() => doomed.destroy());
  }

  const does: Record<Step['does'], (n: number, actor: number) => unknown> = {
    submit: n => harness.insert(PIPELINES[n % PIPELINES.length]),
    claim: async (_, actor) => {
      const queue = harness.queues[actor % harness.queues.length];
      const claimed = await queue.claim({
        worker: WORKER,
        pipelineIds: PIPELINES,
        limit: 2,
      });
      for (const { lease } of claimed) {
        await queue.markRunning(lease, {});
        leases.push(lease);
      }
    },
    succeed: n => end(n, lease => harness.queue.finish(lease, EXIT_0)),
    fail: n => end(n, lease => harness.queues[1].finish(lease, EXIT_1)),
    'give back': n => end(n, lease => harness.queue.release(lease)),
    'end late': async n => {
      const lease = spent[n % Math.max(1, spent.length)];
      if (lease) {
        await harness.queue.finish(lease, EXIT_0);
      }
    },
    cancel: async n => {
      const run = await pickRun(n, `origin = 'own' and finished_at is null`);
      if (run) {
        await harness.queue.requestCancel({
          runId: run.id,
          by: 'user:default/ada',
        });
      }
    },
    lose: async n => {
      const run = await pickRun(n, `lease_token is not null`);
      if (run) {
        await harness
          .knex('runs')
          .where({ id: run.id, lease_token: run.lease_token })
          .update({
            lease_expires_at: new Date(0),
            heartbeat_at: new Date(0),
          });
      }
      await harness.queues[1].sweep();
    },
    report: n =>
      harness.knex('runs').insert({
        ...facts(n),
        id: uuid(),
        origin: 'reported',
        pipeline_id: PIPELINES[n % PIPELINES.length],
        trigger: 'outside',
        title: 'x',
        submitted_by: 'reporter:cron',
        last_report_at: new Date(),
      }),
    correct: async n => {
      const run = await pickRun(n, `origin = 'reported'`);
      if (run) {
        await harness
          .knex('runs')
          .where({ id: run.id })
          .update(facts(n + 1));
      }
    },
    'roll back': async n => {
      const run = await pickRun(n, `origin = 'reported'`);
      const trx = await clients[1].transaction();
      await trx('runs').insert({
        ...facts(4 * n),
        id: uuid(),
        origin: 'reported',
        pipeline_id: 'a',
        trigger: 'outside',
        title: 'x',
        submitted_by: 'reporter:cron',
      });
      await trx('runs')
        .where({ id: run?.id ?? uuid() })
        .update(facts(n + 2));
      await trx.rollback();
    },
    delete: n =>
      pruneRuns({
        knex: harness.knex,
        olderThan: new Date(Date.now() + 60_000),
        limit: 1 + (n % 3),
        removeFiles: async () => {},
      }),
    fold: (n, actor) => fold(clients[actor % clients.length], 1 + (n % 7)),
    'crash while folding': crashWhileFolding,
    recount: expectEqual,
  };

  const step: fc.Arbitrary<Step> = fc.record({
    does: fc.oneof(
      // Without these nothing ends, so there would be little to count.
      { weight: 3, arbitrary: fc.constantFrom('submit', 'claim', 'fold') },
      { weight: 3, arbitrary: fc.constantFrom('succeed', 'fail', 'report') },
      { weight: 6, arbitrary: fc.constantFrom(...STEPS) },
    ) as fc.Arbitrary<Step['does']>,
    n: fc.nat({ max: 10_000 }),
  });
  const actors = fc.array(fc.array(step, { minLength: 12, maxLength: 25 }), {
    minLength: 3,
    maxLength: 4,
  });

  it('are what a recount says at every moment, whoever ends, repeats, corrects, deletes and folds at once, and whatever crashes', async () => {
    let counted = 0;
    await fc.assert(
      fc.asyncProperty(actors, async plans => {
        await reset();
        await Promise.all(
          plans.map(async (plan, actor) => {
            for (const { does: verb, n } of plan) {
              await Promise.resolve(does[verb](n, actor)).catch(assertRefused);
            }
          }),
        );
        await expectEqual();
        while ((await fold(clients[1], 1_000)) > 0);
        expect(await harness.knex('stats_deltas').first()).toBeUndefined();
        await expectEqual();
        const [{ runs }] = await harness
          .knex('stats_daily')
          .sum({ runs: 'run_count' });
        counted += Number(runs);
      }),
      {
        numRuns: CASES,
        seed: IS_LONG ? undefined : 4_711,
        endOnFailure: true,
      },
    );
    expect(counted).toBeGreaterThan(CASES);
  });

  it('have nothing of a fold whose connection was cut in the middle', async () => {
    await reset();
    await does.report(4, 0);
    await crashWhileFolding();
    expect(await harness.knex('stats_hourly').first()).toBeUndefined();
    expect(await harness.knex('stats_deltas')).toHaveLength(1);
    await expectEqual();
  });
});
