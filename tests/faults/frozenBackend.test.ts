import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PortalApi, type TestPortal, until } from '../harness/index.ts';
import { blockEventLoop } from './support/evaluateInBackend.ts';
import { FaultBench } from './support/FaultBench.ts';
import { IS_FULL, report } from './support/figures.ts';
import { ProcessWatch } from './support/ProcessWatch.ts';
import { untilRenewed } from './support/untilRenewed.ts';

const FREEZE_MS = 30_000;
const SHORT_BLOCK_MS = 8_000;
const LONG_BLOCK_MS = IS_FULL ? 30_000 : 20_000;
const REFUSED = /nothing more of it is written/;

let bench: FaultBench;
let frozen: TestPortal;
let blocked: TestPortal;
let successor: TestPortal;
let api: PortalApi;
let watch: ProcessWatch;
let ofFrozen: Pair;
let ofBlocked: Pair;
let frozenAt: number;

before(async () => {
  bench = await FaultBench.open();
  // Alone, because the portal's other plugins cannot share an empty database.
  successor = await bench.startBackend();
  [frozen, blocked] = await Promise.all([
    bench.startBackend(),
    // No more slots than it has runs, or it would take over the runs of the other.
    bench.startBackend({ debuggable: true, slots: 2 }),
  ]);
  api = await successor.apiAs();
  watch = ProcessWatch.start(bench.dataDirectory);
  ofFrozen = await occupy(frozen, [blocked, successor]);
  frozenAt = Date.now();
  frozen.kill('SIGSTOP');
  ofBlocked = await occupy(blocked, [successor]);
});
after(async () => {
  await watch?.stop();
  await bench?.close();
});

interface Pair {
  twice: string;
  once: string;
}

/** Submits runs while only one of the backends can claim them. */
async function occupy(owner: TestPortal, others: TestPortal[]): Promise<Pair> {
  others.forEach(portal => portal.kill('SIGSTOP'));
  try {
    const ownApi = await owner.apiAs();
    const twice = await bench.submit(ownApi, 'ticker-twice');
    const once = await bench.submit(ownApi, 'ticker-once');
    await Promise.all([twice, once].map(id => bench.ticks(id)));
    return { twice, once };
  } finally {
    others.forEach(portal => portal.kill('SIGCONT'));
  }
}

/** What is stored of the first attempts of runs; stale writes would change it. */
async function storedOf({ twice, once }: Pair): Promise<unknown> {
  return await bench.postgres.query(
    `select run_id, attempt, state, reason, log_chunks, log_bytes, log_position, finished_at,
            (select count(*) from log_chunks c where c.run_id = a.run_id and c.attempt = a.attempt) as chunks,
            (select count(*) from run_events e where e.run_id = a.run_id and e.attempt = a.attempt) as events
       from run_attempts a where run_id = any($1) and attempt = 1 order by run_id`,
    [[twice, once]],
  );
}

/** Waits until the successor has taken over, and compares the times in /proc. */
async function requireTakenOver(
  t: TestContext,
  name: string,
  { twice, once }: Pair,
): Promise<void> {
  await Promise.all([bench.ticks(twice, 2), bench.reaches(once, 'lost')]);
  await until(() => watch.of(twice, 2), { what: 'attempt 2 to be seen' });
  const deadAt = watch.of(twice, 1)!.lastAt;
  const gapMs = watch.of(twice, 2)!.firstAt - deadAt;
  report(t, `${name}: dead before the next attempt`, `${gapMs} ms`);
  assert.ok(gapMs > 0, `${gapMs} ms`);
  assert.deepEqual(watch.overlaps, []);

  const recorded = [1, 2].map(n => bench.records.processesOf(twice, n)[0]);
  assert.ok(recorded[0].lastAt < recorded[1].startedAt);
  await bench.requireWholeLog(api, twice, 1);
  await bench.requireWholeLog(api, once, 1);
}

async function requireNothingStale(
  t: TestContext,
  name: string,
  portal: TestPortal,
  stored: unknown,
  pair: Pair,
): Promise<void> {
  await until(
    () => portal.log().match(new RegExp(REFUSED, 'g'))?.length! >= 2,
    {
      what: `the ${name} backend to notice that it has lost its runs`,
    },
  );
  assert.deepEqual(await storedOf(pair), stored);
  report(t, `${name}: stale rows written`, 0);
  bench.records.end(pair.twice, { attempt: 2 });
  await bench.reaches(pair.twice, 'succeeded', { attempt: 2 });
  await bench.requireWholeLog(api, pair.twice, 2);
  const [{ starts }] = await bench.postgres.query<{ starts: string }>(
    'select count(*) as starts from run_attempts where run_id = $1',
    [pair.once],
  );
  assert.equal(Number(starts), 1);
}

describe(
  'a backend that does nothing for longer than its lease',
  { concurrency: true },
  () => {
    it('has lost its runs to another one when SIGSTOP is over, and its commands were dead before', async t => {
      await requireTakenOver(t, 'frozen', ofFrozen);
      const [next] = bench.records.processesOf(ofFrozen.twice, 2);
      report(
        t,
        'SIGSTOP of a worker to the next attempt running',
        `${next.startedAt - frozenAt} ms`,
      );
      await sleep(frozenAt + FREEZE_MS - Date.now());
      const stored = await storedOf(ofFrozen);
      frozen.kill('SIGCONT');
      await requireNothingStale(t, 'frozen', frozen, stored, ofFrozen);
    });

    it('keeps its runs when its event loop is blocked for 8 s, and loses them when for longer', async t => {
      await untilRenewed(bench, ofBlocked.twice);
      await blockEventLoop(blocked, SHORT_BLOCK_MS);
      await untilRenewed(bench, ofBlocked.twice);
      for (const id of [ofBlocked.twice, ofBlocked.once]) {
        const [record] = bench.records.processesOf(id, 1);
        assert.deepEqual(record.terms, []);
        assert.equal((await bench.run(id)).state, 'running');
      }

      const unblocked = blockEventLoop(blocked, LONG_BLOCK_MS);
      await requireTakenOver(t, 'blocked', ofBlocked);
      const stored = await storedOf(ofBlocked);
      await unblocked;
      await requireNothingStale(t, 'blocked', blocked, stored, ofBlocked);
    });
  },
);

describe('when all of that is over', () => {
  it('is as it must be', async t => {
    report(t, 'double starts', bench.records.doubleStarts());
    assert.equal(bench.records.doubleStarts(), 0);
    await bench.requireQuiet();
  });
});
