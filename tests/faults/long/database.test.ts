import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PortalApi, type TestPortal, until } from '../../harness/index.ts';
import { FaultBench } from '../support/FaultBench.ts';
import { IS_FULL, report } from '../support/figures.ts';
import { ProcessWatch } from '../support/ProcessWatch.ts';
import { untilRenewed } from '../support/untilRenewed.ts';

const SUBMITTERS = 8;
/** Submits that were answered before the database is killed. */
const ANSWERED = IS_FULL ? 200 : 50;
/** Longer than a lease and the delay of the sweeper. */
const LONG_DOWN_MS = 18_000;
const READ_ONLY_MS = 5_000;
/** Each loop of each task may say it once or twice a second; one that did not wait would thousands of times. */
const MAX_COMPLAINTS = 150;

describe('a database that fails while runs are executed', () => {
  let bench: FaultBench;
  let portal: TestPortal;
  let api: PortalApi;
  let watch: ProcessWatch;
  before(async () => {
    // What it has answered as committed must be there after kill -9.
    bench = await FaultBench.open({ durable: true });
    portal = await bench.startBackend();
    api = await portal.apiAs();
    watch = ProcessWatch.start(bench.dataDirectory);
  });
  after(async () => {
    await watch?.stop();
    await bench?.close();
  });

  it('may be restarted: the run goes on and its log has no gap', async t => {
    const runId = await bench.submit(api, 'ticker-once');
    await bench.ticks(runId);
    // What is on disk already need not be written while the database is down.
    await bench.postgres.query('checkpoint');
    const startedAt = Date.now();
    await bench.postgres.restart();
    report(t, 'restart of Postgres: down', `${Date.now() - startedAt} ms`);
    const [earlier] = bench.records.processesOf(runId, 1);
    await untilRenewed(bench, runId);
    const later = await until(
      () =>
        bench.records
          .processesOf(runId, 1)
          .find(({ lines }) => lines > earlier.lines),
      { what: 'it to print on' },
    );
    assert.deepEqual(later.terms, []);
    bench.records.end(runId);
    await bench.reaches(runId, 'succeeded', { attempt: 1 });
    await bench.requireWholeLog(api, runId);
    report(t, 'restart of Postgres: log gaps', 0);
  });

  it('may be killed: no submit that was answered is lost, and none is doubled when it is repeated', async t => {
    const accepted = new Map<string, string>();
    const unanswered: string[] = [];
    let isDown = false;
    const submitOn = async (submitter: number) => {
      for (let n = 1; !isDown; n++) {
        const key = `submit-${submitter}-${n}`;
        try {
          const id = await bench.submit(api, 'quick', { idempotencyKey: key });
          accepted.set(key, id);
        } catch {
          unanswered.push(key);
        }
      }
    };
    const submitting = Promise.all(
      Array.from({ length: SUBMITTERS }, (_, i) => submitOn(i)),
    );
    await until(() => accepted.size >= ANSWERED, { what: 'enough submits' });
    const restarted = bench.postgres.restart({ signal: 'SIGKILL' });
    await until(() => unanswered.length > 0, {
      what: 'a submit to fail',
      pollMs: 1,
    });
    isDown = true;
    await restarted;
    await submitting;

    await untilAnswers(bench);
    const known = await bench.postgres.query<{ id: string }>(
      'select id from runs where id = any($1::uuid[])',
      [[...accepted.values()]],
    );
    const lost = accepted.size - known.length;
    report(
      t,
      'kill -9 of Postgres: accepted submits lost',
      `${lost} of ${accepted.size}`,
    );
    assert.equal(lost, 0);
    const submitAgain = (idempotencyKey: string) =>
      until(() => bench.submit(api, 'quick', { idempotencyKey }), {
        what: 'the submit to be answered',
      });
    for (const key of [...unanswered, ...[...accepted.keys()].slice(-20)]) {
      const id = await submitAgain(key);
      assert.equal(id, accepted.get(key) ?? id);
      accepted.set(key, id);
    }
    const [{ runs }] = await bench.postgres.query<{ runs: number }>(
      `select count(*)::int as runs from runs where pipeline_id = 'quick'`,
    );
    assert.equal(runs, accepted.size, 'one run for each key');
    await untilQuiet(bench);
    await bench.requireQuiet();
    assert.equal(bench.records.doubleStarts(), 0);
  });

  it('may be read-only for a while: the worker asks in moderation and goes on', async t => {
    const runId = await bench.submit(api, 'ticker-once');
    await bench.ticks(runId);
    await setReadOnly(bench, true);
    try {
      await sleep(READ_ONLY_MS);
      const refused = await api.fetch('/api/pipelines/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ pipelineId: 'quick' }),
      });
      await refused.body?.cancel();
      assert.equal(refused.status, 503);
    } finally {
      await setReadOnly(bench, false);
    }
    const writableAt = Date.now();
    await untilRenewed(bench, runId);
    report(
      t,
      'read-only database: writable to the lease renewed',
      `${Date.now() - writableAt} ms`,
    );
    const complaints = portal.log().split('read-only transaction').length - 1;
    report(
      t,
      `read-only database: complaints in ${READ_ONLY_MS} ms`,
      complaints,
    );
    assert.ok(complaints > 0 && complaints <= MAX_COMPLAINTS, `${complaints}`);
    const next = await bench.submit(api, 'quick');
    await bench.reaches(next, 'succeeded');
    bench.records.end(runId);
    await bench.reaches(runId, 'succeeded', { attempt: 1 });
    await bench.requireWholeLog(api, runId);
    await bench.requireQuiet();
  });

  it('may be away for longer than a lease: the command is ended before the next attempt begins', async t => {
    const runId = await bench.submit(api, 'ticker-twice');
    await bench.ticks(runId);
    const downAt = Date.now();
    await bench.postgres.restart({ downMs: LONG_DOWN_MS });
    const [first] = bench.records.processesOf(runId, 1);
    report(
      t,
      'Postgres away: last sign of life of the command',
      `${first.lastAt - downAt} ms`,
    );
    assert.ok(first.lastAt - downAt < 15_000);
    await bench.ticks(runId, 2);
    const [second] = bench.records.processesOf(runId, 2);
    const overlapMs = Math.max(0, first.lastAt - second.startedAt);
    report(t, 'Postgres away: overlap', `${overlapMs} ms`);
    assert.equal(overlapMs, 0);
    assert.deepEqual(watch.overlaps, []);
    bench.records.end(runId);
    await bench.reaches(runId, 'succeeded', { attempt: 2 });
    await bench.requireWholeLog(api, runId, 1);
    await bench.requireWholeLog(api, runId, 2);
    await bench.requireQuiet();
  });
});

/** Makes new sessions, and those that there are, refuse or accept changes. */
async function setReadOnly(bench: FaultBench, isReadOnly: boolean) {
  await bench.postgres.query(
    `alter system set default_transaction_read_only = ${
      isReadOnly ? 'on' : 'off'
    }`,
  );
  await bench.postgres.query('select pg_reload_conf()');
  await bench.postgres.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
}

async function untilAnswers(bench: FaultBench): Promise<void> {
  await until(() => bench.postgres.query('select 1'), {
    what: 'Postgres to answer',
  });
}

async function untilQuiet(bench: FaultBench): Promise<void> {
  await until(
    async () =>
      (
        await bench.postgres.query(
          'select id from runs where finished_at is null limit 1',
        )
      ).length === 0,
    { what: 'every run to be over', timeoutMs: 60_000 },
  );
}
