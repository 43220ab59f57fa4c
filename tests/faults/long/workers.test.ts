import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PortalApi, until } from '../../harness/index.ts';
import { Random } from '../../../scripts/soak/random.ts';
import { DatabaseProxy } from '../support/DatabaseProxy.ts';
import { FaultBench } from '../support/FaultBench.ts';
import { IS_FULL, report, reportTimes } from '../support/figures.ts';
import { TIMEOUT_MS } from '../support/pipelines.ts';
import { ProcessWatch } from '../support/ProcessWatch.ts';
import { requireDoneOnce } from '../support/requireDoneOnce.ts';
import { WorkerCrew } from '../support/WorkerCrew.ts';

const HOUR_MS = 3_600_000;
const SPREAD_RUNS = IS_FULL ? 500 : 100;
const SLOTS = 4;
const RACES = 20;
const MAX_CANCEL_DELAY_MS = 60;
/** A cancel reaches the command within about half of it. */
const MAX_END_DELAY_MS = 800;
const STANDSTILL_MS = IS_FULL ? 60_000 : 2_000;
const MAX_ELSEWHERE_MS = 20_000;
const MAX_HEARD_LATE_MS = 6_000;
const MAX_DETECTION_MS = 15_000;
const TIMEOUT_TOLERANCE_MS = 3_000;

const seed = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 2 ** 31);
const random = new Random(seed);

/** Machines as far as their workers can tell; what is told of them stands for all tests. */
const HOSTS = ['ahead', 'behind', 'apart'] as const;
type Host = (typeof HOSTS)[number];

let bench: FaultBench;
let crew: WorkerCrew;
let api: PortalApi;
let proxy: DatabaseProxy;
let watch: ProcessWatch;

before(async () => {
  bench = await FaultBench.open();
  proxy = await DatabaseProxy.start(bench.postgres.port);
  crew = await WorkerCrew.start(bench, [
    { host: 'ahead', slots: SLOTS, clockAheadMs: HOUR_MS },
    { host: 'behind', slots: SLOTS, clockAheadMs: -HOUR_MS },
    {
      host: 'apart',
      slots: SLOTS,
      env: { POSTGRES_PORT: String(proxy.port) },
    },
  ]);
  api = crew.api;
  watch = ProcessWatch.start(bench.dataDirectory);
});
after(async () => {
  await watch?.stop();
  await bench?.close();
  await proxy?.close();
});

describe('three workers on machines of their own, two of them with wrong clocks', () => {
  it('share many runs, and each is done once though a worker is killed', async t => {
    const ids: string[] = [];
    const killAndRestart = async () => {
      const death = await crew.killOnTheWay('ahead', ids, SPREAD_RUNS / 4);
      await crew.workers.get('ahead')!.restart();
      report(t, 'killed worker: up again', `${Date.now() - death.killedAt} ms`);
      return death;
    };
    const [killed] = await Promise.all([
      killAndRestart(),
      crew.submitMany('quick', SPREAD_RUNS, ids),
    ]);
    await crew.overAll(ids);
    const found = await requireDoneOnce(bench, ids, [killed]);
    const shares = [...found.byHost].map(([host, runs]) => `${host}: ${runs}`);
    assert.equal(found.byHost.size, crew.workers.size, shares.join(', '));
    report(t, `${ids.length} runs done, attempts`, shares.join(', '));
    report(
      t,
      'attempts lost with the worker',
      `${found.lost}; work done by then: ${found.doneTwice}`,
    );
  });
});

describe('the same workers, one of which reaches its database through a bad network', () => {
  it('end runs in time, whatever their clocks say', async t => {
    const ids: string[] = [];
    for (const host of HOSTS) {
      ids.push(await submitTo(host, 'ends-late'));
    }
    await crew.overAll(ids);
    const rows = await bench.postgres.query<{
      host: string;
      state: string;
      ms: number;
    }>(
      `select a.host, r.state,
              round(extract(epoch from r.finished_at - r.started_at) * 1000)::int as ms
         from runs r join run_attempts a on a.run_id = r.id
        where r.id = any($1::uuid[]) order by a.host`,
      [ids],
    );
    assert.deepEqual(
      rows.map(({ host }) => host),
      [...HOSTS].sort(),
    );
    for (const { host, state, ms } of rows) {
      report(t, `timeout of ${TIMEOUT_MS} ms on '${host}'`, `${ms} ms`);
      assert.equal(state, 'timed_out');
      assert.ok(ms >= TIMEOUT_MS && ms < TIMEOUT_MS + TIMEOUT_TOLERANCE_MS);
    }
  });

  it(`agree on how a run has ended that is cancelled while it ends, ${RACES} times`, async t => {
    report(t, 'cancel against finish: seed', seed);
    const ids = await crew.submitMany('ticker-once', RACES);
    const states = await Promise.all(
      ids.map(async id => {
        await bench.ticks(id);
        const end = async () => {
          await sleep(random.next() * MAX_END_DELAY_MS);
          bench.records.end(id);
        };
        const cancel = async () => {
          await sleep(random.next() * MAX_CANCEL_DELAY_MS);
          await cancelled(id);
        };
        await Promise.all([end(), cancel()]);
        const row = await crew.overAll([id]).then(() => bench.run(id));
        // A code that comes after it began to be stopped is the answer to that, and no result.
        const legal =
          row.exit_code === 0 ? ['succeeded', 'cancelled'] : ['cancelled'];
        assert.ok(legal.includes(row.state), JSON.stringify(row));
        return row.state;
      }),
    );
    const succeeded = states.filter(state => state === 'succeeded').length;
    report(
      t,
      `cancel against finish: illegal ends of ${RACES}`,
      `0; ${succeeded} succeeded, ${RACES - succeeded} cancelled`,
    );
  });

  it('hear of a cancel though their listening connection was reset', async t => {
    const runId = await submitTo('apart', 'ticker-once');
    await bench.ticks(runId);
    proxy.resetListeners();
    const askedAt = Date.now();
    await cancelled(runId);
    await bench.reaches(runId, 'cancelled');
    const [{ terms }] = bench.records.processesOf(runId, 1);
    report(t, 'LISTEN reset: cancel to SIGTERM', `${terms[0] - askedAt} ms`);
    assert.ok(terms[0] - askedAt < MAX_HEARD_LATE_MS);
    await until(() => proxy.listeners > 0, { what: 'it to listen again' });
  });

  if (IS_FULL) {
    it('notice that their listening connection carries nothing any more, and hear of a cancel meanwhile', async t => {
      const runId = await submitTo('apart', 'ticker-once');
      await bench.ticks(runId);
      proxy.freezeListeners();
      const frozenAt = Date.now();
      await cancelled(runId);
      await bench.reaches(runId, 'cancelled');
      const [{ terms }] = bench.records.processesOf(runId, 1);
      report(
        t,
        'LISTEN half-open: cancel to SIGTERM',
        `${terms[0] - frozenAt} ms`,
      );
      assert.ok(terms[0] - frozenAt < MAX_HEARD_LATE_MS);
      await until(() => proxy.listeners > 0, { what: 'it to listen again' });
      const detectedMs = Date.now() - frozenAt;
      report(t, 'LISTEN half-open: listening again', `${detectedMs} ms`);
      assert.ok(detectedMs < MAX_DETECTION_MS + MAX_HEARD_LATE_MS);
    });
  }

  it('can cancel a run that has stood still for long', async t => {
    const runId = await submitTo('apart', 'ticker-twice');
    await bench.ticks(runId);
    await api.post(`/api/pipelines/runs/${runId}/pause`, {});
    await bench.reaches(runId, 'paused');
    const lines = () => bench.records.processesOf(runId, 1)[0].lines;
    const paused = lines();
    await sleep(STANDSTILL_MS);
    assert.equal(lines(), paused);
    const askedAt = Date.now();
    await cancelled(runId);
    await bench.reaches(runId, 'cancelled', { attempt: 1 });
    const [{ terms }] = bench.records.processesOf(runId, 1);
    assert.equal(terms.length, 1);
    report(
      t,
      `paused for ${STANDSTILL_MS} ms: cancel to SIGTERM`,
      `${terms[0] - askedAt} ms`,
    );
  });

  it('take over from a machine that is gone and from one that is frozen within 20 s, and hold what was paused there', async t => {
    const ofKilled = await submitTo('ahead', 'ticker-twice');
    const paused = await submitTo('ahead', 'ticker-twice');
    const ofFrozen = await submitTo('behind', 'ticker-twice');
    await Promise.all([ofKilled, paused, ofFrozen].map(id => bench.ticks(id)));
    await api.post(`/api/pipelines/runs/${paused}/pause`, {});
    await bench.reaches(paused, 'paused');

    const lostAt = Date.now();
    crew.workers.get('ahead')!.kill('SIGKILL');
    crew.workers.get('behind')!.kill('SIGSTOP');
    await Promise.all([ofKilled, ofFrozen].map(id => bench.ticks(id, 2)));
    const tookMs = [ofKilled, ofFrozen].map(
      id => bench.records.processesOf(id, 2)[0].startedAt - lostAt,
    );
    reportTimes(
      t,
      'kill -9 or SIGSTOP of a worker to the next attempt on another machine',
      tookMs,
    );
    assert.ok(Math.max(...tookMs) <= MAX_ELSEWHERE_MS, tookMs.join(', '));
    for (const id of [ofKilled, ofFrozen]) {
      const [first] = bench.records.processesOf(id, 1);
      const [second] = bench.records.processesOf(id, 2);
      assert.ok(first.lastAt < second.startedAt);
    }

    await bench.reaches(paused, 'queued');
    assert.deepEqual(bench.records.processesOf(paused, 2), []);
    await api.post(`/api/pipelines/runs/${paused}/resume`, {});
    await bench.ticks(paused, 2);
    report(t, 'pause, worker dead, resume', 'held until it was resumed');

    crew.workers.get('behind')!.kill('SIGCONT');
    await crew.workers.get('ahead')!.restart();
    for (const id of [ofKilled, ofFrozen, paused]) {
      bench.records.end(id);
      await bench.reaches(id, 'succeeded', { attempt: 2 });
      await bench.requireWholeLog(api, id, 2);
    }
    report(t, 'two attempts of a run alive at once', watch.overlaps.length);
    assert.deepEqual(watch.overlaps, []);
  });

  it('leave everything as it must be', async t => {
    report(t, 'double starts', bench.records.doubleStarts());
    assert.equal(bench.records.doubleStarts(), 0);
    const lost = await bench.postgres.query(
      `select id from runs where state = 'lost'`,
    );
    report(t, 'runs lost, with clocks an hour ahead and behind', lost.length);
    assert.deepEqual(lost, []);
    await bench.requireQuiet();
  });
});

/** Submits a run while all workers but one are drained, and waits until that one has it. */
async function submitTo(
  host: Host,
  pipelineId: Parameters<FaultBench['submit']>[1],
): Promise<string> {
  const others = await bench.postgres.query<{ id: string }>(
    'select id from workers where host <> $1 and stopping_at is null',
    [host],
  );
  const all = async (verb: 'drain' | 'undrain') => {
    for (const { id } of others) {
      await api.post(`/api/pipelines/workers/${id}/${verb}`, {});
    }
  };
  await all('drain');
  try {
    const id = await bench.submit(api, pipelineId);
    await bench.reaches(id, 'running');
    return id;
  } finally {
    await all('undrain');
  }
}

/** Cancels a run; one that has ended meanwhile is no problem. */
async function cancelled(runId: string): Promise<void> {
  const response = await api.fetch(`/api/pipelines/runs/${runId}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await response.body?.cancel();
  assert.ok([200, 409].includes(response.status), `${response.status}`);
}
