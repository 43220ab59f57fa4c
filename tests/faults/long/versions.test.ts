import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FaultBench } from '../support/FaultBench.ts';
import { report, reportTimes } from '../support/figures.ts';
import { PreviousCheckout } from '../support/PreviousCheckout.ts';
import { requireDoneOnce } from '../support/requireDoneOnce.ts';
import { WorkerCrew } from '../support/WorkerCrew.ts';
import { Random } from '../../../scripts/soak/random.ts';

const RUNS = 500;
const SLOTS = 4;
const MAX_ELSEWHERE_MS = 20_000;

const seed = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 2 ** 31);
const random = new Random(seed);

let bench: FaultBench;
let crew: WorkerCrew;
let previous: PreviousCheckout | undefined;

before(async () => {
  previous = await PreviousCheckout.make();
  bench = await FaultBench.open();
  crew = await WorkerCrew.start(bench, [
    { host: 'first', slots: SLOTS },
    { host: 'second', slots: SLOTS },
    { host: 'previous', slots: SLOTS, checkout: previous.path },
  ]);
});
after(async () => {
  await bench?.close();
  await previous?.remove();
});

describe('three workers, one of which is of the version before this', () => {
  it(`do ${RUNS} runs once each, though one of them is killed`, async t => {
    report(t, 'spread over two versions: seed', seed);
    const host = random.pick(['first', 'second'])!;
    const over = random.integer(RUNS / 10, RUNS / 2);
    const ids: string[] = [];
    const startedAt = Date.now();
    const [killed] = await Promise.all([
      crew.killOnTheWay(host, ids, over),
      crew.submitMany('quick', RUNS, ids),
    ]);
    await crew.overAll(ids);
    report(t, `${RUNS} runs: all done`, `${Date.now() - startedAt} ms`);
    report(t, 'killed', `'${host}' when ${over} were done`);

    const found = await requireDoneOnce(bench, ids, [killed]);
    const shares = [...found.byHost].map(([name, n]) => `${name}: ${n}`);
    report(
      t,
      `${RUNS} runs: attempts`,
      `${found.attempts} (${shares.join(', ')})`,
    );
    report(
      t,
      'attempts lost with the worker',
      `${found.lost}; work done by then: ${found.doneTwice}`,
    );
    assert.equal(found.byHost.size, crew.workers.size, shares.join(', '));
    if (found.replacedMs.length > 0) {
      reportTimes(t, 'kill -9 to the next attempt', found.replacedMs);
      assert.ok(
        Math.max(...found.replacedMs) <= MAX_ELSEWHERE_MS,
        found.replacedMs.join(', '),
      );
    }
    await bench.requireQuiet();
  });
});
