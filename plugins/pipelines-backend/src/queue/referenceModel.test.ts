import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import fc from 'fast-check';
import { type Lease } from '../runs';
import { EXIT_0, EXIT_1, QueueHarness } from './__testUtils__/QueueHarness';
import { MAX_WORKER_DEATHS } from './types';

const TIME_LIMIT_MS = 15_000;
const RUNS = 3;
const LIMIT = 2;
const MAX_ATTEMPTS = 4;
const STOPPED = {
  end: { kind: 'signalled', signal: 'SIGTERM', stopped: true },
} as const;

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

/** What somebody or something does, to the run with this number. */
interface Step {
  does:
    | 'claim'
    | 'start'
    | 'confirm'
    | 'fail to freeze'
    | 'succeed'
    | 'fail'
    | 'end as told'
    | 'give back'
    | 'lose'
    | 'pause'
    | 'resume'
    | 'cancel'
    | 'hurry'
    | 'pause all'
    | 'resume all'
    | 'drain'
    | 'undrain';
  run: number;
}

/** What a run is by the rules, without any database. */
interface ModelRun {
  state: RunState;
  priority: number;
  attempt: number;
  maxAttempts: number;
  isPauseAsked: boolean;
  workerDeaths: number;
  isQuarantined: boolean;
}

/** The rules, written down a second time and as simply as can be. */
class Model {
  readonly runs: ModelRun[] = Array.from({ length: RUNS }, (_, priority) => ({
    state: 'queued',
    priority,
    attempt: 0,
    maxAttempts: MAX_ATTEMPTS,
    isPauseAsked: false,
    workerDeaths: 0,
    isQuarantined: false,
  }));
  #nextPriority = RUNS;
  #isPaused = false;
  #isDrained = false;

  /** Does it; returns false where it must be refused. */
  do({ does, run: number }: Step): boolean {
    const run = this.runs[number];
    const isLeased = !['queued'].includes(run.state) && !isOver(run);
    switch (does) {
      case 'claim':
        return this.#claim();
      case 'pause all':
      case 'resume all':
        this.#isPaused = does === 'pause all';
        return true;
      case 'drain':
      case 'undrain':
        this.#isDrained = does === 'drain';
        return true;
      case 'hurry':
        run.priority = this.#nextPriority++;
        return true;
      case 'pause':
        return this.#pause(run);
      case 'resume':
        return this.#resume(run);
      case 'cancel':
        return this.#cancel(run);
      default:
        return isLeased && this.#asWorker(does, run);
    }
  }

  #claim(): boolean {
    const active = this.runs.filter(
      run => run.state !== 'queued' && !isOver(run),
    ).length;
    if (!this.#isPaused && !this.#isDrained) {
      this.runs
        .filter(run => run.state === 'queued' && !run.isPauseAsked)
        .sort((a, b) => b.priority - a.priority)
        .slice(0, Math.max(0, LIMIT - active))
        .forEach(run => {
          run.state = 'starting';
          run.attempt += 1;
        });
    }
    return true;
  }

  #pause(run: ModelRun): boolean {
    if (isOver(run) || run.state === 'cancelling') {
      return false;
    }
    run.isPauseAsked = true;
    if (run.state === 'running') {
      run.state = 'pausing';
    }
    return true;
  }

  #resume(run: ModelRun): boolean {
    if (isOver(run) || ['cancelling', 'pausing'].includes(run.state)) {
      return false;
    }
    run.isPauseAsked = false;
    if (run.state === 'paused') {
      run.state = 'running';
    }
    return true;
  }

  #cancel(run: ModelRun): boolean {
    if (isOver(run)) {
      return run.state === 'cancelled';
    }
    run.isPauseAsked = false;
    run.state = run.state === 'queued' ? 'cancelled' : 'cancelling';
    return true;
  }

  #asWorker(does: Step['does'], run: ModelRun): boolean {
    const isCancelling = run.state === 'cancelling';
    switch (does) {
      case 'start':
        if (run.state === 'starting') {
          run.state = run.isPauseAsked ? 'pausing' : 'running';
        }
        return true;
      case 'confirm':
        run.state = run.state === 'pausing' ? 'paused' : run.state;
        return true;
      case 'fail to freeze':
        if (run.state === 'pausing') {
          run.state = 'running';
          run.isPauseAsked = false;
        }
        return true;
      case 'succeed':
        return this.#end(run, 'succeeded');
      case 'fail':
        return this.#again(run, 'failed');
      case 'end as told':
        return isCancelling
          ? this.#end(run, 'cancelled')
          : this.#again(run, 'lost');
      case 'give back':
        if (isCancelling) {
          return this.#end(run, 'cancelled');
        }
        run.state = 'queued';
        run.maxAttempts += 1;
        return true;
      default:
        run.workerDeaths += 1;
        run.isQuarantined = run.workerDeaths >= MAX_WORKER_DEATHS;
        return run.isQuarantined
          ? this.#end(run, 'lost')
          : this.#again(run, 'lost');
    }
  }

  #again(run: ModelRun, otherwise: RunState): boolean {
    if (run.state === 'cancelling' || run.attempt >= run.maxAttempts) {
      return this.#end(run, otherwise);
    }
    run.state = 'queued';
    return true;
  }

  #end(run: ModelRun, state: RunState): boolean {
    run.state = state;
    run.isPauseAsked = false;
    return true;
  }
}

function isOver(run: ModelRun): boolean {
  return isTerminalRunState(run.state);
}

/** How often each is tried: runs shall get on, or little of the rules would be seen. */
const WEIGHTS: Record<Step['does'], number> = {
  claim: 16,
  start: 16,
  confirm: 10,
  pause: 8,
  resume: 5,
  fail: 5,
  lose: 5,
  'end as told': 3,
  'give back': 2,
  'fail to freeze': 2,
  succeed: 2,
  cancel: 1,
  hurry: 2,
  'pause all': 1,
  'resume all': 3,
  drain: 1,
  undrain: 3,
};

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.oneof(
    ...(Object.keys(WEIGHTS) as Step['does'][]).map(does => ({
      weight: WEIGHTS[does],
      arbitrary: fc.constant(does),
    })),
  ),
  run: fc.nat(RUNS - 1),
});

/** Walks that reach every state, however little time there is for others. */
const WALKS: Step[][] = (
  [
    'claim 0, start 2, pause 2, confirm 2, resume 2, pause 2, fail to freeze 2, fail 2, ' +
      'claim 0, start 2, fail 2, claim 0, start 2, fail 2, claim 0, start 2, fail 2',
    'claim 0, start 1, lose 1, claim 0, pause 1, lose 1, claim 0, resume 1, claim 0, lose 1',
    'pause 0, cancel 0, claim 0, start 2, cancel 2, end as told 2, start 1, succeed 1, resume 1',
  ] as const
).map(walk =>
  walk.split(', ').map(text => ({
    does: text.slice(0, -2) as Step['does'],
    run: Number(text.slice(-1)),
  })),
);

describe('the queue beside a model of its rules', () => {
  let harness: QueueHarness;
  let nextPriority: number;
  let runIds: string[];
  let leases: Map<string, Lease>;

  beforeAll(async () => {
    harness = await QueueHarness.create({
      pipelines: [
        {
          id: 'modelled',
          capabilities: {
            cancel: true,
            pause: true,
            logs: true,
            artifacts: true,
          },
          maxAttempts: MAX_ATTEMPTS,
          concurrency: { limit: LIMIT },
        },
      ],
    });
  });
  afterAll(() => harness.drop());

  const by = 'user:default/alice';

  async function perform({ does, run }: Step): Promise<void> {
    const { queue, service } = harness;
    const runId = runIds[run];
    const lease = leases.get(runId);
    switch (does) {
      case 'claim':
        for (const claimed of await harness.claim(RUNS)) {
          leases.set(claimed.lease.runId, claimed.lease);
        }
        return;
      case 'pause all':
        await service.pause({ by, request: { scheduledRuns: 'keep' } });
        return;
      case 'resume all':
        await service.resume({ by });
        return;
      case 'drain':
      case 'undrain':
        await service.drain({
          workerId: 'worker-a',
          by,
          drains: does === 'drain',
        });
        return;
      case 'hurry':
        await harness.knex('runs').where({ id: runId }).update({
          priority: nextPriority++,
        });
        return;
      case 'pause':
        await queue.requestPause({ runId, by });
        return;
      case 'resume':
        await queue.requestResume({ runId, by });
        return;
      case 'cancel':
        await queue.requestCancel({ runId, by });
        return;
      default:
        if (!lease) {
          throw new Error('Nobody holds it');
        }
        await performLeased(does, lease);
    }
  }

  async function performLeased(does: Step['does'], lease: Lease) {
    const { queue } = harness;
    switch (does) {
      case 'start':
        await queue.markRunning(lease, {});
        return;
      case 'confirm':
        await queue.markPaused(lease);
        return;
      case 'fail to freeze':
        await queue.pauseFailed(lease, 'x');
        return;
      case 'succeed':
        await queue.finish(lease, EXIT_0);
        return;
      case 'fail':
        await queue.finish(lease, EXIT_1);
        return;
      case 'end as told':
        await queue.finish(lease, { ...STOPPED, cause: 'lease' });
        return;
      case 'give back':
        await queue.release(lease);
        return;
      default: {
        const expired = await harness
          .knex('runs')
          .where({ id: lease.runId, lease_token: lease.token })
          .update({
            lease_expires_at: harness.knex.raw(`now() - interval '1 h'`),
          });
        if (expired === 0) {
          throw new Error('Nobody holds it');
        }
        await queue.sweep();
      }
    }
  }

  async function begin(): Promise<void> {
    await harness.clear();
    await harness.queue.registerWorker({
      id: 'worker-a',
      host: 'somewhere-else',
      bootId: 'b',
      pid: 1,
      slots: RUNS,
      version: '1',
    });
    leases = new Map();
    nextPriority = RUNS;
    runIds = [];
    for (let priority = 0; priority < RUNS; priority++) {
      runIds.push(await harness.insert('modelled', { priority }));
    }
  }

  async function observe(): Promise<ModelRun[]> {
    const rows = await harness.knex('runs').whereIn('id', runIds);
    const byId = new Map(rows.map(row => [row.id, row]));
    return runIds.map(id => {
      const row = byId.get(id);
      return {
        state: row.state,
        priority: row.priority,
        attempt: row.attempt,
        maxAttempts: row.max_attempts,
        isPauseAsked: row.pause_requested_at !== null,
        workerDeaths: row.worker_deaths,
        isQuarantined: row.quarantined_at !== null,
      };
    });
  }

  it('is always where the model is, and refuses what the model refuses', async () => {
    const reached = new Set<RunState>();
    let tried = 0;
    const checked = fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
        async steps => {
          await begin();
          const model = new Model();
          for (const next of steps) {
            const isAllowed = model.do(next);
            const outcome = await perform(next).then(
              () => true,
              () => false,
            );
            expect({ ...next, done: outcome }).toEqual({
              ...next,
              done: isAllowed,
            });
            const observed = await observe();
            expect(observed).toEqual(model.runs);
            observed.forEach(({ state }) => reached.add(state));
            tried++;
          }
          const active = model.runs.filter(
            run => run.state !== 'queued' && !isOver(run),
          ).length;
          expect(await harness.active()).toEqual({ modelled: active });
        },
      ),
      {
        examples: WALKS.map(walk => [walk]),
        numRuns: 5_000,
        interruptAfterTimeLimit: TIME_LIMIT_MS,
      },
    );
    await expect(checked).resolves.toBeUndefined();
    // A model that never gets anywhere would prove nothing.
    const known = Object.keys(RUN_TRANSITIONS) as RunState[];
    expect(known.filter(state => !reached.has(state))).toEqual([
      'timed_out',
      'unknown',
    ]);
    expect(tried).toBeGreaterThan(WALKS.flat().length);
  });
});
