import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FaultBench } from '../support/FaultBench.ts';
import { report, reportTimes } from '../support/figures.ts';
import { highestAtOnce } from '../support/highestAtOnce.ts';
import { LIMIT } from '../support/pipelines.ts';
import { requireDoneOnce } from '../support/requireDoneOnce.ts';
import { type KilledWorker, WorkerCrew } from '../support/WorkerCrew.ts';
import { Random } from '../../../scripts/soak/random.ts';

const RUNS = 1_000;
const KILLS = 4;
const SLOTS = 4;
const HOSTS = ['first', 'second', 'third', 'fourth'];

const seed = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 2 ** 31);
const random = new Random(seed);

let bench: FaultBench;
let crew: WorkerCrew;
before(async () => {
  bench = await FaultBench.open();
  crew = await WorkerCrew.start(
    bench,
    HOSTS.map(host => ({ host, slots: SLOTS })),
  );
});
after(() => bench?.close());

describe('four workers', () => {
  it(`never execute more than ${LIMIT} of ${RUNS} runs at once, though ${KILLS} times one is killed`, async t => {
    report(t, `limit of ${LIMIT}: seed`, seed);
    const ids: string[] = [];
    const killed: KilledWorker[] = [];
    const killSome = async () => {
      for (let n = 1; n <= KILLS; n++) {
        const over = Math.floor(((n - random.next()) / (KILLS + 1)) * RUNS);
        const worker = await crew.killOnTheWay(random.pick(HOSTS)!, ids, over);
        killed.push(worker);
        await crew.workers.get(worker.host)!.restart();
      }
    };
    const startedAt = Date.now();
    await Promise.all([crew.submitMany('limited', RUNS, ids), killSome()]);
    await crew.overAll(ids);
    report(t, `${RUNS} limited runs: all done`, `${Date.now() - startedAt} ms`);

    assert.equal(killed.length, KILLS);
    const found = await requireDoneOnce(bench, ids, killed);
    report(
      t,
      `${KILLS} kills (${killed.map(({ host }) => host).join(', ')})`,
      `${found.lost} attempts lost; work done by then: ${found.doneTwice}`,
    );
    if (found.replacedMs.length > 0) {
      reportTimes(t, 'kill -9 to the next attempt', found.replacedMs);
    }

    const crowded = bench.records
      .list('')
      .filter(name => name.endsWith('.crowded'));
    const done = bench.records
      .spells()
      .flatMap(({ startedAt: from, endedAt: to }) =>
        to === undefined ? [] : [{ startedAt: from, endedAt: to }],
      );
    const atWork = highestAtOnce(done);
    const asStored = highestAtOnce(await readAttempts(ids));
    report(t, 'commands that found no place', crowded.length);
    report(t, 'most commands at work at once', atWork);
    report(t, 'most attempts running at once, as stored', asStored);
    assert.deepEqual(crowded, []);
    // What never was full would prove nothing.
    assert.equal(atWork, LIMIT);
    assert.equal(asStored, LIMIT);
    const leaked = await bench.postgres.query(
      'select key, active from queue_limits where active <> 0',
    );
    assert.deepEqual(leaked, []);
    await bench.requireQuiet();
  });
});

/** From the moment each was known to run to the one at which its place was free, µs. */
async function readAttempts(
  ids: readonly string[],
): Promise<{ startedAt: number; endedAt: number }[]> {
  const rows = await bench.postgres.query<{ started: string; ended: string }>(
    `select (extract(epoch from started_at) * 1000000)::bigint as started,
            (extract(epoch from finished_at) * 1000000)::bigint as ended
       from run_attempts
      where run_id = any($1::uuid[]) and started_at is not null`,
    [ids],
  );
  return rows.map(({ started, ended }) => ({
    startedAt: Number(started),
    endedAt: Number(ended),
  }));
}
