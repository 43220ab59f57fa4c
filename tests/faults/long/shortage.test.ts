import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../../../scripts/lib/processes.ts';
import { type PortalApi, type TestPortal, until } from '../../harness/index.ts';
import { FaultBench } from '../support/FaultBench.ts';
import { report } from '../support/figures.ts';
import { residentBytes } from '../support/processInfo.ts';

const MEBIBYTE = 1_024 * 1_024;
const RUNS = 200;
const SUBMITS_AT_ONCE = 8;
const MAX_GROWTH = 256 * MEBIBYTE;
const STARVED_RUNS = 12;
const SHORTAGE_MS = 2_000;
/** Enough to answer requests, not enough for the pipes of a run more. */
const SPARE_DESCRIPTORS = 4;

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

describe('a backend that has little', () => {
  it(`executes ${RUNS} runs with less than 256 MB more than it has when idle`, async t => {
    const idle = residentBytes(portal.pid);
    let most = idle;
    const ids: string[] = [];
    const submitSome = async () => {
      while (ids.length < RUNS) {
        ids.push(await bench.submit(api, 'quick'));
        most = Math.max(most, residentBytes(portal.pid));
      }
    };
    await Promise.all(Array.from({ length: SUBMITS_AT_ONCE }, submitSome));
    await until(
      async () => {
        most = Math.max(most, residentBytes(portal.pid));
        return (await countIn('succeeded', ids)) === ids.length;
      },
      { what: `${ids.length} runs to succeed`, timeoutMs: 120_000 },
    );
    const growth = Math.round((most - idle) / MEBIBYTE);
    report(t, `${ids.length} runs: memory over idle`, `${growth} MB`);
    assert.ok(most - idle < MAX_GROWTH, `${growth} MB`);
  });

  it('goes on when it has descriptors again, and says of what failed meanwhile that they were missing', async t => {
    const { pid } = portal;
    const open = fs.readdirSync(`/proc/${pid}/fd`).length;
    const usual = await readDescriptorLimit();
    const ids = await Promise.all(
      Array.from({ length: STARVED_RUNS }, () =>
        bench.submit(api, 'quick', { runAt: '2099-01-01T00:00:00Z' }),
      ),
    );
    await limitDescriptors(open + SPARE_DESCRIPTORS);
    // By hand, because a request would need a descriptor as well.
    await bench.postgres.query(
      'update runs set run_at = now() where id = any($1::uuid[])',
      [ids],
    );
    await until(async () => (await countIn('queued', ids)) < ids.length, {
      what: 'runs to be claimed',
    });
    await sleep(SHORTAGE_MS);
    await limitDescriptors(usual);
    await until(async () => (await countOver(ids)) === ids.length, {
      what: 'the runs to be over',
      timeoutMs: 90_000,
    });
    assert.ok(isAlive(pid));
    const failed = await bench.postgres.query<{ error_message: string }>(
      `select error_message from runs
        where id = any($1::uuid[]) and state <> 'succeeded'`,
      [ids],
    );
    for (const { error_message: message } of failed) {
      assert.match(message, /descriptor|too many open files|EMFILE/i);
    }
    report(
      t,
      `descriptors missing for a while: runs ended of ${ids.length}`,
      `${ids.length - failed.length} succeeded, ${failed.length} say why`,
    );
    const next = await bench.submit(api, 'quick');
    await bench.reaches(next, 'succeeded');
    await bench.requireQuiet();
  });
});

/** Sets the soft limit alone, so that it can be raised again. */
async function limitDescriptors(limit: number): Promise<void> {
  await execute('prlimit', [`--pid=${portal.pid}`, `--nofile=${limit}:`]);
}

async function readDescriptorLimit(): Promise<number> {
  const limits = await fs.promises.readFile(
    `/proc/${portal.pid}/limits`,
    'utf8',
  );
  return Number(/Max open files\s+(\d+)/.exec(limits)![1]);
}

async function countIn(state: string, ids: string[]): Promise<number> {
  const [{ runs }] = await bench.postgres.query<{ runs: number }>(
    `select count(*)::int as runs from runs
      where id = any($1::uuid[]) and state = $2`,
    [ids, state],
  );
  return runs;
}

async function countOver(ids: string[]): Promise<number> {
  const [{ runs }] = await bench.postgres.query<{ runs: number }>(
    `select count(*)::int as runs from runs
      where id = any($1::uuid[]) and finished_at is not null`,
    [ids],
  );
  return runs;
}
