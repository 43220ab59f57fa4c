import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessBench, type BenchAttempt } from '../__testUtils__/processBench';
import {
  eventually,
  isRunning,
  taggedProcesses,
} from '../__testUtils__/processes';
import { WorkerProcess } from '../__testUtils__/WorkerProcess';
import { AttemptFolder } from '../AttemptFolder';

/** Counts in the group, in a session of its own, and there without the tag. */
const COUNT = 'n=0; while :; do echo $0 $((n++)); sleep 0.02; done';
const TREE = [
  'bash',
  '-c',
  `setsid bash -c "$1" daemon & env -i PATH="$PATH" setsid bash -c "$1" untagged & bash -c "$1" main`,
  'tree',
  COUNT,
];
const LOOKS_WHILE_FROZEN_MS = 400;

jest.setTimeout(40_000);

/** States of all threads of a process, such as `S` and `T`. */
function threadStates(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map(thread => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2];
  });
}

describe('a command of the process engine that is paused', () => {
  let bench: ProcessBench;
  let worker: WorkerProcess | undefined;

  beforeEach(() => {
    bench = new ProcessBench();
  });

  afterEach(async () => {
    await worker?.kill();
    worker = undefined;
    await bench.close();
  });

  const saidBy = ({ sink }: BenchAttempt, who: string) =>
    sink
      .text()
      .split('\n')
      .filter(line => line.startsWith(`${who} `))
      .map(line => Number(line.split(' ')[1]));

  async function expectNoProgress({ sink }: BenchAttempt): Promise<void> {
    // What was in the pipe when it stopped still comes.
    let bytes = -1;
    while (bytes !== sink.bytes) {
      bytes = sink.bytes;
      await sleep(LOOKS_WHILE_FROZEN_MS);
    }
    await sleep(LOOKS_WHILE_FROZEN_MS);
    expect(sink.bytes).toBe(bytes);
  }

  it('stands still with all that it started, and goes on where it was', async () => {
    const run = await bench.start(TREE);
    const speakers = ['main', 'daemon', 'untagged'];
    await run.sink.until(() =>
      speakers.every(who => saidBy(run, who).length > 3),
    );

    await run.attempt.setPaused(true);
    const tree = taggedProcesses(run.runId);
    expect(tree.length).toBeGreaterThan(1);
    expect(tree.flatMap(threadStates).join('')).toMatch(/^[Tt]+$/);
    await expectNoProgress(run);

    await run.attempt.setPaused(false);
    const before = run.sink.bytes;
    await run.sink.until(({ bytes }) => bytes > before + 200);
    for (const who of speakers) {
      const numbers = saidBy(run, who);
      expect(numbers).toEqual(numbers.map((_, index) => index));
    }
    run.attempt.cancel({ force: true });
    await run.attempt.end;
  });

  it('freezes one that forks without end, and every thread of another', async () => {
    const forking = await bench.start([
      'bash',
      '-c',
      'while :; do (:) & (:) & echo x; done',
    ]);
    const threaded = await bench.start(
      bench.node(`
        const { Worker } = require('worker_threads');
        for (let n = 0; n < 4; n++) new Worker('for (;;) {}', { eval: true });
        setTimeout(() => console.log('up'), 300);`),
    );
    for (const { attempt, sink, runId } of [forking, threaded]) {
      await sink.until(({ bytes }) => bytes > 0);
      await attempt.setPaused(true);
      const states = taggedProcesses(runId).flatMap(threadStates);
      expect(states.length).toBeGreaterThan(0);
      expect(states.filter(state => !'TtZ'.includes(state))).toEqual([]);
      attempt.cancel({ force: true });
      await attempt.end;
    }
  });

  it('does not stay half frozen when a process waits for the one that it is just starting', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(`
        const { spawnSync } = require('child_process');
        console.log('up');
        for (;;) spawnSync('true');`),
    );
    await sink.until(({ bytes }) => bytes > 0);
    for (let round = 0; round < 20; round++) {
      await attempt.setPaused(true);
      await attempt.setPaused(false);
    }
    attempt.cancel({ force: true });
    expect(await attempt.end).toMatchObject({ stopped: true });
  });

  it('is ended politely by a cancel, and then goes on to clean up', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      `trap 'echo cleaned; exit 3' TERM; echo up; while :; do sleep 0.05; done`,
    ]);
    await sink.until(({ bytes }) => bytes > 0);
    await attempt.setPaused(true);

    attempt.cancel({ force: false });
    expect(await attempt.end).toEqual({
      kind: 'exited',
      exitCode: 3,
      stopped: true,
    });
    expect(sink.text('stdout')).toBe('up\ncleaned\n');
  });

  it('is ended by force without going on', async () => {
    const { attempt, sink, runId } = await bench.start([
      'bash',
      '-c',
      `trap '' TERM; echo up; while :; do sleep 0.05; done`,
    ]);
    await sink.until(({ bytes }) => bytes > 0);
    await attempt.setPaused(true);

    attempt.cancel({ force: true });
    expect(await attempt.end).toMatchObject({ signal: 'SIGKILL' });
    expect(taggedProcesses(runId)).toEqual([]);
  });

  it('survives pauses, resumes and a cancel in any order', async () => {
    const run = await bench.start(TREE);
    await run.sink.until(({ bytes }) => bytes > 0);
    const { attempt } = run;

    await Promise.all(
      [true, false, true, true, false, false, true, false].map(paused =>
        attempt.setPaused(paused),
      ),
    );
    const before = run.sink.bytes;
    await run.sink.until(({ bytes }) => bytes > before + 200);

    const paused = attempt.setPaused(true).catch(error => error.message);
    attempt.cancel({ force: false });
    expect([undefined, 'The command is being ended']).toContain(await paused);
    expect(await attempt.end).toMatchObject({ stopped: true });
    await expect(attempt.setPaused(true)).rejects.toThrow();
  });

  it('ends when its lease is not renewed, as one that runs', async () => {
    const short = new ProcessBench({
      limits: { leaseTermMs: 600, leaseKillMs: 1_200 },
    });
    const context = short.context({ command: ['sleep', '60'] });
    const attempt = await short.engine.start(context);
    await attempt.setPaused(true);

    expect(await attempt.end).toMatchObject({ kind: 'lost' });
    expect(taggedProcesses(context.runId)).toEqual([]);
    await short.close();
  });

  it('ends when its worker is killed', async () => {
    const context = bench.context({ command: TREE, stopGraceMs: 500 });
    worker = await WorkerProcess.start({
      workRoot: bench.workRoot,
      runId: context.runId,
      definition: context.definition,
      sinkFile: path.join(bench.workRoot, 'stored'),
      pausesAtOnce: true,
    });
    await eventually('everything stands still', () => {
      const tree = taggedProcesses(context.runId);
      return (
        tree.length > 0 &&
        tree.flatMap(threadStates).every(state => state === 'T')
      );
    });

    const { shim } = worker.handle;
    await worker.kill();
    await eventually(
      'everything is gone',
      () => taggedProcesses(context.runId).length === 0 && !isRunning(shim.pid),
      3_000,
    );
    const { exit } = AttemptFolder.of(bench.workRoot, context);
    expect(JSON.parse(readFileSync(exit, 'utf8'))).toMatchObject({
      cause: 'worker-died',
      survivors: 0,
    });
  });
});
