import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type PortalApi, type TestPortal, until } from '../../harness/index.ts';
import { FaultBench } from '../support/FaultBench.ts';
import { report, reportTimes } from '../support/figures.ts';
import { TransactionPooler } from '../support/TransactionPooler.ts';

const RUNS = 30;
const WARNING = /Changes of runs do not arrive from the database/g;
/** A worker asks every 2 to 5 s what there is to do. */
const POLLED_MS = 15_000;

let bench: FaultBench;
let pooler: TransactionPooler;
let portal: TestPortal;
let api: PortalApi;
before(async () => {
  bench = await FaultBench.open();
  pooler = await TransactionPooler.start(bench.postgres.port);
  portal = await bench.startBackend({
    env: { POSTGRES_PORT: String(pooler.port) },
  });
  api = await portal.apiAs();
});
after(async () => {
  await bench?.close();
  await pooler?.close();
});

describe('a portal behind a pooler in transaction mode', () => {
  it('warns that it has to poll, and says what may be the reason', async () => {
    await until(() => portal.log().includes('a pooler in transaction mode'), {
      what: 'the warning',
    });
  });

  it('executes every run once, with its whole log', async t => {
    const ids: string[] = [];
    for (let i = 0; i < RUNS; i++) {
      ids.push(await bench.submit(api, 'quick'));
    }
    for (const id of ids) {
      await bench.reaches(id, 'succeeded', { attempt: 1 });
    }
    const spells = bench.records
      .spells()
      .filter(({ runId }) => ids.includes(runId));
    assert.equal(spells.length, RUNS, 'each was done once');

    const ticker = await bench.submit(api, 'ticker-once');
    await bench.ticks(ticker);
    const askedAt = Date.now();
    await api.post(`/api/pipelines/runs/${ticker}/cancel`, {});
    await bench.reaches(ticker, 'cancelled', { timeoutMs: POLLED_MS });
    report(t, 'cancel to cancelled, polled', `${Date.now() - askedAt} ms`);
    await bench.requireWholeLog(api, ticker);
  });

  it('starts what is submitted when it asks next', async t => {
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      const id = await bench.submit(api, 'quick');
      await bench.reaches(id, 'succeeded', { timeoutMs: POLLED_MS });
      const [{ ms }] = await bench.postgres.query<{ ms: number }>(
        `select extract(epoch from started_at - queued_at)::float8 * 1000 as ms
           from runs where id = $1`,
        [id],
      );
      waits.push(ms);
    }
    reportTimes(t, 'submit to start, polled', waits);
    assert.ok(Math.max(...waits) < POLLED_MS);
  });

  it('keeps every invariant, and does not warn again and again', async () => {
    await bench.requireQuiet();
    // It may once have heard itself by chance.
    const warnings = portal.log().match(WARNING)?.length ?? 0;
    assert.ok(warnings <= 2, `${warnings} warnings`);
  });
});
