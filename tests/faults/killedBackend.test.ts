import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { isAlive } from '../../scripts/lib/processes.ts';
import { findTaggedProcesses } from '../../scripts/lib/taggedProcesses.ts';
import { type PortalApi, type TestPortal, until } from '../harness/index.ts';
import { type Bystander, startBystander } from './support/bystander.ts';
import { FaultBench } from './support/FaultBench.ts';
import { IS_FULL, report, reportTimes } from './support/figures.ts';
import { GRACE_MS } from './support/pipelines.ts';
import { idleShimsOf, signal, startTicksOf } from './support/processInfo.ts';
import { ProcessWatch } from './support/ProcessWatch.ts';

const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const NEIGHBOUR_KILLS = IS_FULL ? 10 : 1;
const MAX_RECOVERY_MS = 4_000;
const MAX_SURVIVAL_MS = GRACE_MS + 2_000;

const ROLLED_BACK = 'rolled back';
const COMMITTED = 'committed';
const COMMIT_LOCK = 20_261_121;

let bench: FaultBench;
let portal: TestPortal;
let api: PortalApi;
before(async () => {
  bench = await FaultBench.open();
  portal = await bench.startBackend();
  api = await portal.apiAs();
});
after(() => bench?.close());

/** Makes submits with a note wait for a lock in Postgres before they are committed. */
async function holdCommits(): Promise<pg.Client> {
  await bench.postgres.query(`
    create function faults_wait() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${COMMIT_LOCK});
      return null;
    end $$;
    create trigger faults_wait after insert on runs for each row
      when (new.note is not null) execute function faults_wait()`);
  const holder = new pg.Client({
    connectionString: bench.postgres.urlOf(PLUGIN_DATABASE),
  });
  await holder.connect();
  await holder.query('select pg_advisory_lock($1)', [COMMIT_LOCK]);
  return holder;
}

/** The sessions of Postgres in which a submit waits, in the order of their beginning. */
async function waitingSessions(): Promise<number[]> {
  const rows = await bench.postgres.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and not granted order by waitstart`,
  );
  return rows.map(({ pid }) => pid);
}

async function storeHandle(
  runId: string,
  identity: { pid: number; startTicks: string; bootId: string },
): Promise<void> {
  const handle = { shim: identity, child: identity };
  await bench.postgres.query(
    'update run_attempts set handle = $2 where run_id = $1',
    [runId, JSON.stringify(handle)],
  );
}

describe('a backend that is killed while nobody takes over', () => {
  const bystanders: Bystander[] = [];
  let runs: Record<
    | 'twice'
    | 'once'
    | 'stubborn'
    | 'succeeds'
    | 'fails'
    | 'reused'
    | 'rebooted',
    string
  >;
  const submits = [ROLLED_BACK, COMMITTED].map(note => ({
    note,
    idempotencyKey: note,
  }));

  after(() => bystanders.forEach(bystander => bystander.stop()));

  it('leaves no process behind', async t => {
    const submit = (pipelineId: Parameters<FaultBench['submit']>[1]) =>
      bench.submit(api, pipelineId);
    runs = {
      twice: await submit('ticker-twice'),
      once: await submit('ticker-once'),
      stubborn: await submit('ticker-stubborn'),
      succeeds: await submit('ticker-once'),
      fails: await submit('ticker-once'),
      reused: await submit('ticker-once'),
      rebooted: await submit('ticker-once'),
    };
    await Promise.all(Object.values(runs).map(id => bench.ticks(id)));

    const holder = await holdCommits();
    const answers: Promise<string>[] = [];
    for (const options of submits) {
      answers.push(
        bench.submit(api, 'ticker-once', options).catch(() => 'no answer'),
      );
      await until(
        async () => (await waitingSessions()).length === answers.length,
        { what: 'the submit to wait in Postgres' },
      );
    }

    await endWhileFrozen();
    const killedAt = Date.now();
    portal.kill('SIGKILL');
    await portal.exited();
    await until(
      async () =>
        (
          await findTaggedProcesses({ dataDirectory: bench.dataDirectory })
        ).length === 0,
      { what: 'every process to be gone', pollMs: 20 },
    );
    const survivalMs = Date.now() - killedAt;
    report(
      t,
      'last process gone after kill -9 without restart',
      `${survivalMs} ms`,
    );
    assert.ok(survivalMs < MAX_SURVIVAL_MS, `${survivalMs} ms`);

    const [rolledBack] = await waitingSessions();
    await bench.postgres.query('select pg_terminate_backend($1)', [rolledBack]);
    await holder.end();
    assert.deepEqual(await Promise.all(answers), ['no answer', 'no answer']);
  });

  /** Lets two commands exit whose backend cannot notice. */
  async function endWhileFrozen(): Promise<void> {
    portal.kill('SIGSTOP');
    bench.records.end(runs.succeeds, { code: 0 });
    bench.records.end(runs.fails, { code: 3 });
    const exitFile = (runId: string) =>
      path.join(bench.dataDirectory, 'attempts', `${runId}.1`, 'exit.json');
    await until(
      () =>
        [runs.succeeds, runs.fails].every(id => fs.existsSync(exitFile(id))),
      { what: 'the commands to have exited' },
    );
  }

  it('is started again and signals no process that has a pid by chance', async () => {
    const [reused, rebooted] = await Promise.all([
      startBystander(bench.records.path('reused.signals')),
      startBystander(bench.records.path('rebooted.signals')),
    ]);
    bystanders.push(reused, rebooted);
    const bootId = fs
      .readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
      .trim();
    await storeHandle(runs.reused, {
      pid: reused.pid,
      startTicks: '1',
      bootId,
    });
    await storeHandle(runs.rebooted, {
      pid: rebooted.pid,
      startTicks: startTicksOf(rebooted.pid),
      bootId: 'another boot',
    });
    await bench.postgres.query('update workers set pid = $1', [reused.pid]);
    // As if nobody had been there for long: nothing may be given up before it is looked after.
    await bench.postgres.query(
      `update runs set lease_expires_at = now() - interval '1 hour'
        where lease_token is not null and id <> $1`,
      [runs.reused],
    );
    await bench.postgres.query(
      `update run_attempts set boot_id = 'another boot' where run_id = $1`,
      [runs.rebooted],
    );

    await portal.restart();
    api = await portal.apiAs();
    await bench.reaches(runs.reused, 'lost');
    await bench.reaches(runs.rebooted, 'lost');
    for (const { pid, signals } of bystanders) {
      assert.ok(isAlive(pid));
      assert.deepEqual(signals(), []);
    }
  });

  it('starts again what may start twice, and nothing else', async () => {
    for (const id of [runs.twice, runs.stubborn]) {
      await bench.ticks(id, 2);
      bench.records.end(id);
      await bench.reaches(id, 'succeeded', { attempt: 2 });
    }
    const lost = await bench.reaches(runs.once, 'lost');
    assert.equal(lost.attempt, 1);
    assert.match(lost.error_message!, /worker/);
  });

  it('knows how a command ended whose end was not stored', async t => {
    const succeeded = await bench.reaches(runs.succeeds, 'succeeded');
    const failed = await bench.reaches(runs.fails, 'failed');
    assert.deepEqual([succeeded.exit_code, failed.exit_code], [0, 3]);
    report(t, 'true end found after kill -9', '2 of 2');
  });

  it('has neither lost nor doubled a line, nor started anything twice', async t => {
    const once = [
      runs.once,
      runs.succeeds,
      runs.fails,
      runs.reused,
      runs.rebooted,
    ];
    const attempts = [
      ...once.map(id => [id, 1] as const),
      ...[runs.twice, runs.stubborn].flatMap(id => [
        [id, 1] as const,
        [id, 2] as const,
      ]),
    ];
    for (const [id, attempt] of attempts) {
      await bench.requireWholeLog(api, id, attempt);
    }
    report(
      t,
      'logs without a lost or double line',
      `${attempts.length} of ${attempts.length}`,
    );
  });

  it('has one run for a submit that is repeated, because its answer was lost', async () => {
    const stored = () =>
      bench.postgres.query<{ id: string; note: string }>(
        'select id, note from runs where note is not null order by note desc',
      );
    const [committed, ...others] = await stored();
    assert.deepEqual([committed.note, others], [COMMITTED, []]);

    const ids: string[] = [];
    for (const options of submits) {
      ids.push(await bench.submit(api, 'ticker-once', options));
    }
    assert.equal(ids[1], committed.id);
    assert.deepEqual(
      (await stored()).map(({ id }) => id),
      ids,
    );
    ids.forEach(id => bench.records.end(id));
    await Promise.all(ids.map(id => bench.reaches(id, 'succeeded')));
    await bench.requireQuiet();
  });
});

describe('a backend that is killed beside another one of its host', () => {
  let victim: TestPortal;
  before(async () => {
    victim = await bench.startBackend();
  });

  it('is replaced within 4 s, also for a run that it was about to start', async t => {
    const recoveryMs: number[] = [];
    for (let round = 1; round <= NEIGHBOUR_KILLS; round++) {
      recoveryMs.push(...(await killOnce()));
      if (round < NEIGHBOUR_KILLS) {
        await victim.restart();
      }
    }
    const medianMs = reportTimes(
      t,
      'kill -9 of a worker to the next attempt running',
      recoveryMs,
    );
    assert.ok(medianMs <= MAX_RECOVERY_MS);
    report(t, 'double starts', bench.records.doubleStarts());
    assert.equal(bench.records.doubleStarts(), 0);
    await bench.requireQuiet();
  });

  async function killOnce(): Promise<number[]> {
    const watch = ProcessWatch.start(bench.dataDirectory);
    const { twice, once, starting, shims } = await occupyVictim();
    const killedAt = Date.now();
    victim.kill('SIGKILL');
    await Promise.all([...twice, starting].map(id => bench.ticks(id, 2)));
    shims.forEach(pid => signal(pid, 'SIGCONT'));
    await bench.reaches(once, 'lost');
    [...twice, starting].forEach(id => bench.records.end(id, { attempt: 2 }));
    for (const id of [...twice, starting]) {
      await bench.reaches(id, 'succeeded', { attempt: 2 });
      await bench.requireWholeLog(api, id, 2);
    }
    for (const id of [...twice, once]) {
      await bench.requireWholeLog(api, id, 1);
    }
    assert.ok(bench.records.processesOf(starting, 1).length <= 1);
    await watch.stop();
    assert.deepEqual(watch.overlaps, []);
    return [...twice, starting].map(
      id => bench.records.processesOf(id, 2)[0].startedAt - killedAt,
    );
  }

  /** Gives the victim runs of which the last is claimed, but cannot be spawned. */
  async function occupyVictim() {
    const victimApi = await victim.apiAs();
    portal.kill('SIGSTOP');
    try {
      const twice = [
        await bench.submit(victimApi, 'ticker-twice'),
        await bench.submit(victimApi, 'ticker-twice'),
      ];
      const once = await bench.submit(victimApi, 'ticker-once');
      await Promise.all([...twice, once].map(id => bench.ticks(id)));
      const shims = idleShimsOf(victim.pid);
      shims.forEach(pid => signal(pid, 'SIGSTOP'));
      const starting = await bench.submit(victimApi, 'ticker-twice');
      await bench.reaches(starting, 'starting');
      await untilOrdered(starting);
      return { twice, once, starting, shims };
    } finally {
      portal.kill('SIGCONT');
    }
  }

  /** Waits until the victim has chosen who shall start the command. */
  async function untilOrdered(runId: string): Promise<void> {
    const file = path.join(
      bench.dataDirectory,
      'attempts',
      `${runId}.1`,
      'shim.json',
    );
    await until(() => fs.existsSync(file), { what: 'the order to be given' });
  }
});
