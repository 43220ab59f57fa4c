import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isAlive } from '../../scripts/lib/processes.ts';
import {
  type PortalApi,
  processesTagged,
  type TestPortal,
  until,
} from '../harness/index.ts';
import { FLOOD_LINE_BYTES } from './programs/floodLines.ts';
import { progressText, progressUpdates } from './programs/progressUpdates.ts';
import { FaultBench } from './support/FaultBench.ts';
import { findHalfVideo } from './support/findHalfVideo.ts';
import { IS_FULL, report, reportTimes } from './support/figures.ts';
import { HOSTILE_PARTS } from './support/hostileBytes.ts';
import { type FaultPipeline, GRACE_MS } from './support/pipelines.ts';
import { residentBytes } from './support/processInfo.ts';
import { requireCutFlood, sha256 } from './support/requireCutFlood.ts';

const MIB = 1024 ** 2;
const FLOOD_BYTES = IS_FULL ? 1_100 * MIB : 200 * MIB;
const MAX_LOG_BYTES = IS_FULL ? 1_024 * MIB : 180 * MIB;
const MAX_GROWTH_BYTES = 150 * MIB;
const FLOOD_MS = 60_000;
const UPDATES = 1_000_000;
const REPEATS = IS_FULL ? 20 : 3;
const PROMPT_MS = 1_000;

let bench: FaultBench;
let portal: TestPortal;
let api: PortalApi;

before(async () => {
  bench = await FaultBench.open();
  portal = await bench.startBackend({ maxLogBytes: MAX_LOG_BYTES });
  api = await portal.apiAs();
});
after(() => bench?.close());

async function cancel(runId: string, body: object = {}): Promise<Response> {
  return await api.fetch(`/api/pipelines/runs/${runId}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Cancels a run; resolves with the ms until nothing of it is alive and it says so. */
async function cancelTimed(runId: string): Promise<number> {
  const askedAt = Date.now();
  assert.equal((await cancel(runId)).status, 200);
  await bench.reaches(runId, 'cancelled');
  const elapsedMs = Date.now() - askedAt;
  assert.deepEqual(await processesTagged(runId), []);
  return elapsedMs;
}

/** Does something as often as the form of the suite asks for. */
async function repeat<T>(action: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 1; round <= REPEATS; round++) {
    results.push(await action());
  }
  return results;
}

describe('asking more than once', () => {
  it('submits one run for 50 requests with one key, and refuses the key for another', async t => {
    const submit = (body: object) =>
      api.fetch('/api/pipelines/runs', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'fifty at once',
        },
        body: JSON.stringify({ pipelineId: 'ticker-once', ...body }),
      });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => submit({})),
    );
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [
      ...Array.from({ length: 49 }, () => 200),
      201,
    ]);
    const ids = new Set<string>();
    for (const answer of answers) {
      ids.add(((await answer.json()) as { id: string }).id);
    }
    assert.equal(ids.size, 1);
    report(t, 'runs of 50 submits with one key', ids.size);

    assert.equal((await submit({ note: 'another body' })).status, 409);
    const [{ count }] = await bench.postgres.query<{ count: string }>(
      `select count(*) from runs where pipeline_id = 'ticker-once'`,
    );
    assert.equal(Number(count), 1);
    const [id] = ids;
    bench.records.end(id);
    await bench.reaches(id, 'succeeded');
    await bench.requireWholeLog(api, id);
  });

  it('sends one signal for 20 cancels', async t => {
    const id = await bench.submit(api, 'ticker-tidy');
    await bench.ticks(id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => cancel(id)),
    );
    assert.deepEqual(
      new Set(answers.map(({ status }) => status)),
      new Set([200]),
    );
    await bench.reaches(id, 'cancelled');
    assert.equal((await cancel(id)).status, 200);
    const [{ terms }] = bench.records.processesOf(id, 1);
    assert.equal(terms.length, 1);
    report(t, 'SIGTERMs of 20 cancels', terms.length);
    await bench.requireWholeLog(api, id);
  });
});

describe('ending a command', () => {
  it('asks it with SIGTERM soon after a cancel', async t => {
    const times = await repeat(async () => {
      const id = await bench.submit(api, 'ticker-once');
      await bench.ticks(id);
      const askedAt = Date.now();
      await cancelTimed(id);
      return bench.records.processesOf(id, 1)[0].terms[0] - askedAt;
    });
    assert.ok(reportTimes(t, 'cancel to SIGTERM', times) <= PROMPT_MS);
  });

  it('forces one that ignores SIGTERM when its grace is over', async t => {
    const over = await repeat(async () => {
      const id = await bench.submit(api, 'ticker-stubborn');
      await bench.ticks(id);
      const elapsedMs = await cancelTimed(id);
      const [record] = bench.records.processesOf(id, 1);
      assert.equal(record.terms.length, 1);
      assert.ok(record.lastAt - record.terms[0] > GRACE_MS / 2);
      await bench.requireWholeLog(api, id);
      return elapsedMs - GRACE_MS;
    });
    assert.ok(reportTimes(t, 'over the grace', over) <= PROMPT_MS);
  });

  const leavers = [
    ['leave-daemons', 'has ended'],
    ['keep-daemons', 'is cancelled'],
  ] as const;
  leavers.forEach(([pipelineId, what]) =>
    it(`ends the daemons of one that ${what}`, async t => {
      const id = await bench.submit(api, pipelineId);
      await until(() => bench.records.list(`${id}.daemon.`).length === 2, {
        what: 'the daemons to be there',
      });
      if (pipelineId === 'keep-daemons') {
        await cancelTimed(id);
      } else {
        await bench.reaches(id, 'succeeded');
      }
      const survivors = bench.records
        .list(`${id}.daemon.`)
        .map(name => Number(name.split('.').at(-1)))
        .filter(isAlive);
      report(t, `daemons alive when a run ${what}`, survivors.length);
      assert.deepEqual(survivors, []);
    }),
  );

  it('does not wait for a grandchild that holds its output open', async t => {
    const times = await repeat(async () => {
      const id = await bench.submit(api, 'hold-output');
      await bench.reaches(id, 'succeeded');
      assert.deepEqual(await processesTagged(id), []);
      const [{ took }] = await bench.postgres.query<{ took: number }>(
        `select extract(epoch from finished_at - started_at)::float * 1000 as took
           from runs where id = $1`,
        [id],
      );
      return took;
    });
    const medianMs = reportTimes(
      t,
      'run of a command whose grandchild holds the output',
      times,
    );
    assert.ok(medianMs < 3 * PROMPT_MS);
  });

  it('kills the ffmpeg of a transcode, and its half file is gone', async t => {
    const id = await bench.submit(api, 'transcode', {
      parameters: { profile: 'archive', durationSeconds: 600 },
    });
    const artifacts = path.join(
      bench.dataDirectory,
      'attempts',
      `${id}.1`,
      'artifacts',
    );
    const partial = await until(() => findHalfVideo(artifacts), {
      what: 'ffmpeg to write',
    });
    await until(
      async () =>
        ((
          await api.json<{ progress?: number }>(`/api/pipelines/runs/${id}`)
        ).progress ?? 0) > 0,
      { what: 'progress' },
    );
    const processes = await processesTagged(id);
    assert.ok(processes.some(({ command }) => command.includes('ffmpeg')));

    const elapsedMs = await cancelTimed(id);
    report(t, 'cancel of ffmpeg to all gone', `${elapsedMs} ms`);
    assert.ok(elapsedMs < PROMPT_MS + 10_000);
    assert.ok(processes.every(({ pid }) => !isAlive(pid)));
    assert.equal(fs.existsSync(partial), false);
    const { items } = await api.json<{ items: unknown[] }>(
      `/api/pipelines/runs/${id}/artifacts`,
    );
    assert.deepEqual(items, []);
  });
});

describe('commands that end badly', () => {
  ['SEGV', 'ABRT', 'KILL'].forEach(signal =>
    it(`names the signal of one that died by SIG${signal}`, async () => {
      const id = await bench.submit(api, 'kill-itself', {
        parameters: { signal },
      });
      const run = await bench.reaches(id, 'failed');
      assert.equal(run.exit_signal, `SIG${signal}`);
      assert.equal(run.error_kind, 'signal');
      assert.match(run.error_message!, new RegExp(`SIG${signal}`));
      assert.equal(
        (await bench.rawLog(api, id)).toString(),
        `sending myself SIG${signal}\n`,
      );
    }),
  );

  const unstartable: Array<[FaultPipeline, RegExp]> = [
    ['missing-program', /'\/opt\/no-such-program' does not exist/],
    ['missing-folder', /no-such-folder' does not exist/],
    ['not-executable', /ticker\.ts' is not executable/],
  ];
  unstartable.forEach(([pipelineId, reason]) =>
    it(`fails ${pipelineId} once, though it may start three times`, async () => {
      const id = await bench.submit(api, pipelineId);
      const run = await bench.reaches(id, 'failed');
      assert.equal(run.attempt, 1);
      assert.equal(run.error_kind, 'spawn');
      assert.match(run.error_message!, reason);
    }),
  );
});

describe('logs', () => {
  it('have every byte as it was printed', async t => {
    const printed = Buffer.concat([
      ...HOSTILE_PARTS,
      // A protocol line by chance has a probability of 2^-100.
      randomBytes(2 * MIB),
      ...HOSTILE_PARTS,
    ]);
    fs.writeFileSync(bench.records.path('hostile.bin'), printed);
    const id = await bench.submit(api, 'hostile-bytes');
    await bench.reaches(id, 'succeeded');
    const stored = await bench.rawLog(api, id);
    assert.equal(sha256([stored]), sha256([printed]));
    report(t, 'sha256 of hostile bytes in and out', 'equal');
    const answer = await api.fetch(`/api/pipelines/runs/${id}/logs?limit=100`);
    assert.equal(answer.status, 200);
  });

  it('show the newest of a million updates of a progress bar, and keep them all', async t => {
    const startedAt = Date.now();
    const id = await bench.submit(api, 'progress-bar', {
      parameters: { updates: UPDATES },
    });
    await bench.reaches(id, 'succeeded');
    report(
      t,
      'a million updates of a progress bar',
      `${Date.now() - startedAt} ms`,
    );
    const stored = await bench.rawLog(api, id);
    assert.equal(sha256([stored]), sha256(progressUpdates(UPDATES)));
    const page = await api.json<LogPage>(
      `/api/pipelines/runs/${id}/logs?direction=backward&limit=1`,
    );
    assert.equal(page.lines[0].text, progressText(UPDATES, UPDATES));
  });

  it('take a flood in flat memory, and say where they were cut', async t => {
    const idle = residentBytes(portal.pid);
    let peak = idle;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes(portal.pid));
    }, 50);
    const startedAt = Date.now();
    const id = await bench.submit(api, 'flood', {
      parameters: { bytes: FLOOD_BYTES },
    });
    await bench.reaches(id, 'succeeded', { timeoutMs: 10 * FLOOD_MS });
    const seconds = (Date.now() - startedAt) / 1_000;
    clearInterval(timer);

    const lines = Math.floor(FLOOD_BYTES / FLOOD_LINE_BYTES);
    report(
      t,
      'flood',
      `${Math.round(FLOOD_BYTES / MIB)} MiB in ${seconds.toFixed(
        1,
      )} s, ${Math.round(lines / seconds)} lines/s`,
    );
    report(
      t,
      'memory of the backend in a flood',
      `${Math.round((peak - idle) / MIB)} MiB over ${Math.round(
        idle / MIB,
      )} MiB`,
    );
    assert.ok(peak - idle < MAX_GROWTH_BYTES);
    requireCutFlood(await bench.rawLog(api, id), {
      floodBytes: FLOOD_BYTES,
      maxLogBytes: MAX_LOG_BYTES,
    });
  });
});

interface LogPage {
  lines: { text: string }[];
}

describe('when all of that is over', () => {
  it('is as it must be', async () => {
    await bench.requireQuiet();
  });
});
