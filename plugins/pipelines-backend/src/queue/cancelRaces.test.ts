import { ConflictError } from '@backstage/errors';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  claimOne,
  createTestDefinitions,
  TestDatabase,
  TEST_WORKER,
  waitFor,
} from '../__testUtils__';
import { RunsService } from '../runs';
import { DatabaseRunQueue } from './DatabaseRunQueue';
import type { AttemptOutcome } from './types';

const RACES = 1_000;
const AT_ONCE = 10;
/** About as long as the transactions that meet. */
const MAX_DELAY_MS = 8;

/** How an execution ends of its own accord, and what its run must be then. */
const ENDS: readonly [AttemptOutcome, RunState][] = [
  [{ end: { kind: 'exited', exitCode: 0 } }, 'succeeded'],
  [{ end: { kind: 'exited', exitCode: 3 } }, 'failed'],
  [{ end: { kind: 'signalled', signal: 'SIGSEGV', stopped: false } }, 'failed'],
];
const STOPPED: AttemptOutcome = {
  end: { kind: 'signalled', signal: 'SIGTERM', stopped: true },
};

// Many small transactions on a real database.
jest.setTimeout(120_000);

describe('a run that is cancelled while it ends', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;

  beforeAll(async () => {
    database = await TestDatabase.create({ poolSize: 2 * AT_ONCE });
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'once' },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    queue = new DatabaseRunQueue({ knex: database.knex });
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });

  const moment = () => sleep(Math.random() * MAX_DELAY_MS);

  /** What a worker does when the execution ends, and whether it had heard of the cancel. */
  async function endOne(
    lease: Awaited<ReturnType<typeof claimOne>>,
    [outcome, state]: (typeof ENDS)[number],
  ) {
    await moment();
    const [renewal] = await queue.renew({
      workerId: TEST_WORKER.id,
      leases: [lease],
    });
    const isHeard = renewal.cancel !== undefined;
    const ended = await queue.finish(lease, isHeard ? STOPPED : outcome);
    return { ended, expected: isHeard ? 'cancelled' : state };
  }

  async function cancelOne(runId: string): Promise<RunState> {
    await moment();
    return (await queue.requestCancel({ runId, by: 'user:default/alice' }))
      .state;
  }

  async function race(n: number): Promise<'before' | 'after'> {
    await runs.submitRun({
      request: { pipelineId: 'once', parameters: {} },
      actor: 'user:default/alice',
      trigger: 'manual',
    });
    // The others claim at the same time, and nobody waits for a row that somebody else has.
    const lease = (await waitFor('a run to be claimed', () =>
      claimOne(queue, ['once']).catch(() => undefined),
    ))!;
    await queue.markRunning(lease, { pid: 1 });
    const [end, cancel] = await Promise.allSettled([
      endOne(lease, ENDS[n % ENDS.length]),
      cancelOne(lease.runId),
    ]);
    if (end.status === 'rejected') {
      throw end.reason;
    }
    const { ended, expected } = end.value;
    expect(ended).toBe(expected);
    expect((await runs.getRun(lease.runId)).state).toBe(expected);
    if (cancel.status === 'fulfilled') {
      expect(cancel.value).toBe('cancelling');
      return 'before';
    }
    expect(cancel.reason).toBeInstanceOf(ConflictError);
    return 'after';
  }

  it('ends once and as it really did, a thousand times', async () => {
    const outcomes = { before: 0, after: 0 };
    let started = 0;
    const raceOn = async () => {
      while (started < RACES) {
        started += 1;
        outcomes[await race(started)] += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, raceOn));

    // Else it would be no race.
    expect(outcomes.before).toBeGreaterThan(0);
    expect(outcomes.after).toBeGreaterThan(0);
    const { rows } = await database.knex.raw(
      `select r.id from runs r
        where r.finished_at is null or r.lease_token is not null
           or 1 <> (select count(*) from run_events e
                     where e.run_id = r.id and e.kind = 'transition'
                       and e.to_state in ('succeeded', 'failed', 'cancelled', 'lost', 'timed_out'))`,
    );
    expect(rows).toEqual([]);
  });
});
