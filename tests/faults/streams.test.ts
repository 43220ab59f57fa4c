import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type PortalApi, type TestPortal, until } from '../harness/index.ts';
import { putClockForward } from './support/evaluateInBackend.ts';
import { FaultBench } from './support/FaultBench.ts';
import { IS_FULL, report } from './support/figures.ts';
import { residentBytes } from './support/processInfo.ts';
import { StreamViewer } from './support/StreamViewer.ts';

const MIB = 1024 ** 2;
const CUT_EVERY_MS = 100;
const CUTTING_MS = IS_FULL ? 60_000 : 6_000;
const FLOOD_BYTES = 60 * MIB;
const SLOW_VIEWERS = 20;
/** The flood itself may take as much, see `commands.test.ts`. */
const MAX_GROWTH_BYTES = 150 * MIB;
const VIEWERS = IS_FULL ? 1_000 : 200;
const WATCHED_MS = 5_000;
/** Longer than any token of a portal lasts. */
const TOKEN_LIFE_MS = 2 * 60 * 60 * 1_000;
const CLOSED_WITHIN_MS = 60_000;

let bench: FaultBench;
let portal: TestPortal;
let api: PortalApi;

before(async () => {
  bench = await FaultBench.open();
  portal = await bench.startBackend({ debuggable: true });
  api = await portal.apiAs();
});
after(() => bench?.close());

function viewerOf(runId: string): StreamViewer {
  return new StreamViewer({ url: portal.url, runId, token: api.token });
}

/** How often log chunks were looked up in the database, by whomever. */
async function readsOfChunks(): Promise<number> {
  const [{ scans }] = await bench.postgres.query<{ scans: number }>(
    `select coalesce(sum(idx_scan + seq_scan), 0)::int as scans
       from pg_stat_user_tables where relname like 'log_chunks%'`,
  );
  return scans;
}

/** The reads of a run that some watch, in as long as each of these calls takes. */
async function readsWhileWatched(
  runId: string,
  viewers: StreamViewer[],
): Promise<number> {
  const begun = await readsOfChunks();
  const seen = viewers[0].lines.length;
  const startedAt = Date.now();
  await until(() => Date.now() - startedAt >= WATCHED_MS, {
    what: `run ${runId} to be watched for a while`,
  });
  assert.ok(viewers.every(viewer => viewer.lines.length > seen));
  return (await readsOfChunks()) - begun;
}

describe('a stream', () => {
  it(`is exact though it is cut every ${CUT_EVERY_MS} ms`, async t => {
    const runId = await bench.submit(api, 'ticker-once');
    await bench.ticks(runId);
    const viewer = viewerOf(runId);
    const cutting = setInterval(() => viewer.cut(), CUT_EVERY_MS);
    const stopAt = Date.now() + CUTTING_MS;
    let connections = 0;
    while (!viewer.hasEnded) {
      if (Date.now() > stopAt) {
        clearInterval(cutting);
        bench.records.end(runId);
      }
      connections += 1;
      await viewer.follow().catch(() => {});
    }
    clearInterval(cutting);
    await bench.requireWholeLog(api, runId);
    const stored = (await bench.rawLog(api, runId)).toString();
    const sent = viewer.lines.map(({ text }) => `${text}\n`).join('');
    assert.equal(sent, stored);
    assert.ok(!viewer.others.includes('gap'));
    assert.ok(connections > CUTTING_MS / CUT_EVERY_MS / 4, `${connections}`);
    report(
      t,
      'stream cut again and again',
      `${connections} connections, ${viewer.lines.length} lines, diff 0`,
    );
  });

  it(`costs little memory when ${SLOW_VIEWERS} do not read it, and the others get all of it`, async t => {
    const idle = residentBytes(portal.pid);
    let peak = idle;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes(portal.pid));
    }, 50);
    const runId = await bench.submit(api, 'flood', {
      parameters: { bytes: FLOOD_BYTES },
    });
    const slow = Array.from({ length: SLOW_VIEWERS }, () => viewerOf(runId));
    await Promise.all(slow.map(viewer => viewer.connect()));
    const reader = viewerOf(runId);
    await reader.follow();
    clearInterval(timer);
    slow.forEach(viewer => viewer.cut());
    const run = await bench.reaches(runId, 'succeeded');
    assert.equal(run.attempt, 1);
    assert.ok(reader.hasEnded);
    const texts = reader.lines.map(({ text }) => text);
    const stored = (await bench.rawLog(api, runId)).toString();
    assert.equal(texts.length, stored.split('\n').length - 1);
    assert.equal(`${texts.join('\n')}\n`, stored);
    report(
      t,
      `memory with ${SLOW_VIEWERS} viewers that do not read, in a flood`,
      `${Math.round((peak - idle) / MIB)} MiB over idle`,
    );
    assert.ok(peak - idle < MAX_GROWTH_BYTES, `${(peak - idle) / MIB} MiB`);
  });

  it(`is read from the database once for ${VIEWERS} viewers`, async t => {
    const runId = await bench.submit(api, 'clock');
    await bench.reaches(runId, 'running');
    const first = viewerOf(runId);
    const followed = [first.follow()];
    await until(() => first.lines.length > 0, { what: 'the first line' });
    const readsForOne = await readsWhileWatched(runId, [first]);

    const viewers = Array.from({ length: VIEWERS }, () => viewerOf(runId));
    followed.push(...viewers.map(viewer => viewer.follow()));
    await until(() => viewers.every(viewer => viewer.lines.length > 0), {
      what: 'every viewer to see the log',
      timeoutMs: 60_000,
    });
    const seenBefore = new Map(
      viewers.map(viewer => [viewer, viewer.lines.length]),
    );
    const readsForAll = await readsWhileWatched(runId, viewers);
    const ages = viewers
      .flatMap(viewer => viewer.lines.slice(seenBefore.get(viewer)))
      .map(({ text, at }) => at - Number(text))
      .sort((a, b) => a - b);
    bench.records.end(runId);
    await Promise.all(followed);
    await bench.reaches(runId, 'succeeded');

    const [expected, ...others] = [first, ...viewers].map(({ lines }) =>
      lines.map(({ text }) => text).join('\n'),
    );
    assert.ok(others.every(text => text === expected));
    report(
      t,
      `line to ${VIEWERS} viewers`,
      `p50 ${ages[Math.floor(ages.length / 2)]} ms, p95 ${
        ages[Math.floor(ages.length * 0.95)]
      } ms`,
    );
    report(
      t,
      `reads of the log in ${WATCHED_MS / 1_000} s`,
      `${readsForOne} for one viewer, ${readsForAll} for ${VIEWERS + 1}`,
    );
    assert.ok(readsForAll < 3 * readsForOne, 'they share one reader');
  });

  // Last, because the clock stays as it is.
  it('is closed within a minute when the token that it was opened with has expired', async t => {
    const runId = await bench.submit(api, 'ticker-once');
    await bench.ticks(runId);
    const viewer = viewerOf(runId);
    const closed = viewer.follow();
    await until(() => viewer.lines.length > 0, { what: 'the first line' });
    const expiredAt = Date.now();
    await putClockForward(portal, TOKEN_LIFE_MS);
    await closed;
    const closedAfterMs = Date.now() - expiredAt;
    assert.ok(!viewer.hasEnded);
    assert.ok(closedAfterMs < CLOSED_WITHIN_MS, `${closedAfterMs} ms`);
    report(
      t,
      'stream closed after its token expired',
      `${(closedAfterMs / 1_000).toFixed(1)} s`,
    );
    await viewer.follow();
    assert.equal(viewer.status, 401);
    assert.equal((await bench.run(runId)).state, 'running');
    bench.records.end(runId);
    await bench.reaches(runId, 'succeeded');
    await bench.requireQuiet();
  });
});
