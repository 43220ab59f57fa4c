import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { isAlive } from '../../scripts/lib/processes.ts';
import { type PortalApi, type TestPortal, until } from '../harness/index.ts';
import { FaultBench } from './support/FaultBench.ts';
import { report } from './support/figures.ts';
import { idleShimsOf } from './support/processInfo.ts';

const KIB = 1024;
/** Where files end while there is no room, far below what is written then. */
const ROOM_BYTES = 64 * KIB;
const FLOOD_BYTES = 1024 * KIB;
const SUBMITS = 20;
const FULL_MS = 5_000;

const execute = promisify(execFile);

let bench: FaultBench;
let portal: TestPortal;
let api: PortalApi;

before(async () => {
  bench = await FaultBench.open();
  portal = await bench.startBackend();
  api = await portal.apiAs();
});
after(() => bench?.close());

/**
 * Lets the files of a process grow no further, which is what a process sees of a full disk, or
 * of a quota, and needs no rights.
 */
async function limitFiles(pid: number, bytes: number | 'unlimited') {
  await execute('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
}

async function eventsOf(runId: string): Promise<string> {
  const { items } = await api.json<{ items: unknown[] }>(
    `/api/pipelines/runs/${runId}/events?limit=100`,
  );
  return JSON.stringify(items);
}

async function requireGoesOn(): Promise<void> {
  const next = await bench.submit(api, 'quick');
  await bench.reaches(next, 'succeeded');
  assert.ok(isAlive(portal.pid));
}

describe('a full disk', () => {
  it('holds a run whose log cannot be written, says so, and lets it go on with its whole log', async t => {
    const pool = await until(
      () => {
        const shims = idleShimsOf(portal.pid);
        return shims.length > 0 && shims;
      },
      { what: 'a process to wait for a command' },
    );
    await Promise.all(pool.map(pid => limitFiles(pid, ROOM_BYTES)));
    const runId = await bench.submit(api, 'flood', {
      parameters: { bytes: FLOOD_BYTES },
    });
    await until(async () => /the run waits until/.test(await eventsOf(runId)), {
      what: 'the run to say that it waits',
    });
    assert.equal((await bench.run(runId)).state, 'running');
    const freedAt = Date.now();
    await Promise.all(
      pool.filter(isAlive).map(pid => limitFiles(pid, 'unlimited')),
    );
    await bench.reaches(runId, 'succeeded');
    report(
      t,
      'end of a held run after room was made',
      `${Date.now() - freedAt} ms`,
    );
    const lines = (await bench.rawLog(api, runId)).toString().split('\n');
    const numbers = lines.slice(0, -1).map(line => parseInt(line, 10));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    await requireGoesOn();
  });

  it('fails a run whose artifact cannot be kept, and leaves no half of it', async () => {
    const runId = await bench.submit(api, 'large-file');
    // What is started later would have the limit as well, the command too.
    await bench.reaches(runId, 'running');
    await limitFiles(portal.pid, ROOM_BYTES);
    bench.records.end(runId);
    const run = await until(
      async () => {
        const row = await bench.run(runId);
        return ['failed', 'succeeded'].includes(row.state) && row;
      },
      { what: 'the run to be over', timeoutMs: 60_000 },
    );
    await limitFiles(portal.pid, 'unlimited');
    await Promise.all(
      idleShimsOf(portal.pid).map(pid => limitFiles(pid, 'unlimited')),
    );
    assert.equal(run.state, 'failed');
    assert.match(run.error_message!, /large\.bin/);
    const unfinished = path.join(bench.dataDirectory, 'artifacts/unfinished');
    assert.deepEqual(fs.readdirSync(unfinished), []);
    const { items } = await api.json<{ items: unknown[] }>(
      `/api/pipelines/runs/${runId}/artifacts`,
    );
    assert.deepEqual(items, []);
    const again = await bench.submit(api, 'large-file');
    bench.records.end(again);
    await bench.reaches(again, 'succeeded');
    await requireGoesOn();
  });

  it('fails a command that needs room for its own files, with its own exit code', async () => {
    const runId = await bench.submit(api, 'fills-tmp');
    const run = await bench.reaches(runId, 'failed');
    assert.equal(run.exit_code, 1);
    assert.match((await bench.rawLog(api, runId)).toString(), /too large/i);
    await requireGoesOn();
  });
});

describe('a full disk of the database', () => {
  /** Stands for it: every row that would need room is refused as Postgres refuses it. */
  async function fill(): Promise<void> {
    await bench.postgres.query(`
      create function faults_no_room() returns trigger language plpgsql as $$
      begin
        raise exception 'could not extend file: No space left on device'
          using errcode = 'disk_full';
      end $$`);
    await bench.postgres.query(`
      do $$ declare name text; begin
        for name in select format('%I', relname) from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            and not relispartition
        loop
          execute 'create trigger faults_no_room before insert on ' || name ||
            ' for each row execute function faults_no_room()';
        end loop;
      end $$`);
  }

  it('answers submits with 503, keeps none of them, and loses nothing of what runs', async t => {
    const ticker = await bench.submit(api, 'ticker-once');
    await bench.ticks(ticker);
    const runsBefore = await countRuns();
    await fill();
    const fullUntil = Date.now() + FULL_MS;
    const statuses: number[] = [];
    while (statuses.length < SUBMITS || Date.now() < fullUntil) {
      const answer = await api.fetch('/api/pipelines/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ pipelineId: 'quick' }),
      });
      statuses.push(answer.status);
      await answer.body?.cancel();
    }
    assert.deepEqual([...new Set(statuses)], [503]);
    assert.equal((await api.fetch('/api/pipelines/runs')).status, 200);
    const printed = bench.records.processesOf(ticker, 1)[0].lines;

    await bench.postgres.query('drop function faults_no_room() cascade');
    assert.equal(await countRuns(), runsBefore);
    const freedAt = Date.now();
    await requireGoesOn();
    report(
      t,
      'disk of the database full',
      `${statuses.length} submits got 503, the next run succeeded ${
        Date.now() - freedAt
      } ms after there was room`,
    );
    await until(() => bench.records.processesOf(ticker, 1)[0].lines > printed, {
      what: 'the run to go on',
    });
    bench.records.end(ticker);
    await bench.reaches(ticker, 'succeeded');
    await bench.requireWholeLog(api, ticker);
    await bench.requireQuiet();
  });

  async function countRuns(): Promise<number> {
    const [{ runs }] = await bench.postgres.query<{ runs: number }>(
      'select count(*)::int as runs from runs',
    );
    return runs;
  }
});
