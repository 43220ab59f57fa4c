import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@backstage/types';
import type { AttemptContext } from '@millrace/backstage-plugin-pipelines-node';
import { ProcessBench } from '../__testUtils__/processBench';
import {
  eventually,
  isRunning,
  taggedProcesses,
} from '../__testUtils__/processes';
import { RecordingSink } from '../__testUtils__/RecordingSink';
import { WorkerProcess } from '../__testUtils__/WorkerProcess';
import { AttemptFolder } from '../AttemptFolder';

const STUBBORN_COUNTER = [
  'bash',
  '-c',
  `trap '' TERM; (setsid sleep 60 &); n=0; while :; do echo $((n++)); sleep 0.01; done`,
];

jest.setTimeout(40_000);

describe('the process engine after the death of a worker', () => {
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

  async function startWorker(
    command: string[],
    options: { stopGraceMs?: number; maxBatches?: number } = {},
  ) {
    const context = bench.context({
      command,
      stopGraceMs: options.stopGraceMs ?? 1_000,
    });
    worker = await WorkerProcess.start({
      workRoot: bench.workRoot,
      runId: context.runId,
      definition: context.definition,
      sinkFile: path.join(bench.workRoot, `${context.runId}.stored`),
      maxBatches: options.maxBatches,
    });
    return { context, worker };
  }

  function recover(
    context: AttemptContext,
    sink: RecordingSink,
    resumeFrom: number,
    handle?: JsonObject,
  ) {
    return bench.engine.recover({ ...context, sink, handle, resumeFrom });
  }

  it('leaves no process alive when the worker is killed and nobody recovers', async () => {
    const started = await startWorker(STUBBORN_COUNTER);
    const { runId } = started.context;
    await eventually(
      'the command and its daemon run',
      () => taggedProcesses(runId).length >= 2,
    );

    await started.worker.kill();
    await eventually(
      'everything is gone when the grace is over',
      () => taggedProcesses(runId).length === 0,
      2_000,
    );
    await eventually(
      'the shim is gone',
      () => !isRunning(started.worker.handle.shim.pid),
    );
    const { exit } = AttemptFolder.of(bench.workRoot, started.context);
    expect(JSON.parse(readFileSync(exit, 'utf8'))).toMatchObject({
      cause: 'worker-died',
      signal: 'SIGKILL',
      survivors: 0,
    });
  });

  it.each([{ withHandle: true }, { withHandle: false }])(
    'ends a living command at once and delivers each byte once (handle: $withHandle)',
    async ({ withHandle }) => {
      const started = await startWorker(STUBBORN_COUNTER, {
        stopGraceMs: 60_000,
      });
      await eventually(
        'something is stored',
        () => started.worker.stored().text.length > 100,
      );
      await started.worker.kill();

      const { text, position } = started.worker.stored();
      const sink = new RecordingSink();
      const began = performance.now();
      const end = await recover(
        started.context,
        sink,
        position,
        withHandle ? started.worker.handle : undefined,
      );

      expect(performance.now() - began).toBeLessThan(3_000);
      expect(end).toMatchObject({ kind: 'lost' });
      expect(taggedProcesses(started.context.runId)).toEqual([]);
      expect(isRunning(started.worker.handle.shim.pid)).toBe(false);
      const lines = (text + sink.text()).trimEnd().split('\n');
      expect(lines).toEqual(lines.map((_, index) => String(index)));
    },
  );

  it('recovers the true exit code and the rest of the log when the command ended before the worker died', async () => {
    const started = await startWorker(
      bench.node(
        `for (let n = 0; n < 200_000; n++) console.log(n); process.exitCode = 5;`,
      ),
      { maxBatches: 3 },
    );
    const folder = AttemptFolder.of(bench.workRoot, started.context);
    await eventually('the end is on disk', () => existsSync(folder.exit));
    await started.worker.kill();

    const { text, position } = started.worker.stored();
    const sink = new RecordingSink();
    const { handle } = started.worker;
    expect(await recover(started.context, sink, position, handle)).toEqual({
      kind: 'exited',
      exitCode: 5,
    });
    const expected = Array.from({ length: 200_000 }, (_, n) => `${n}\n`);
    expect(text + sink.text()).toBe(expected.join(''));

    const again = new RecordingSink();
    await recover(started.context, again, sink.positions.at(-1) ?? 0, handle);
    expect(again.lines).toEqual([]);
  });

  it('says again what it had said, at the same positions, so that it can be recognized', async () => {
    const { attempt, context, sink } = await bench.start([
      'bash',
      '-c',
      `say() { echo "::millrace::$1"; }
       say '{"type":"hello"}'; echo between; say 'broken'; say '{"type":"artifact","path":"none"}'
       echo errors >&2; say '{"type":"hello"}'; sleep 60 & exit 0`,
    ]);
    await attempt.end;
    expect(sink.messages.map(({ type }) => type)).toEqual([
      'other',
      'warning',
      'warning',
      'other',
      'warning',
    ]);
    expect(new Set(sink.messagePositions).size).toBe(5);

    const again = new RecordingSink();
    await recover(context, again, 0, attempt.handle);
    expect(again.messages).toEqual(sink.messages);
    expect(again.messagePositions).toEqual(sink.messagePositions);
  });

  it('ends the command of a frozen worker before its lease can be claimed again', async () => {
    const started = await startWorker(STUBBORN_COUNTER);
    const { runId } = started.context;
    await eventually(
      'the command runs',
      () => taggedProcesses(runId).length > 0,
    );

    const frozenAt = performance.now();
    started.worker.signal('SIGSTOP');
    await sleep(9_000);
    expect(taggedProcesses(runId).length).toBeGreaterThan(0);
    await eventually(
      'the command is gone',
      () => taggedProcesses(runId).length === 0,
      7_000,
    );
    expect(performance.now() - frozenAt).toBeLessThan(14_900);
    started.worker.signal('SIGCONT');
    await sleep(500);
    expect(taggedProcesses(runId)).toEqual([]);
  });

  it('says lost when nothing is known of the attempt', async () => {
    const context = bench.context({ command: ['true'] });
    const sink = new RecordingSink();
    expect(await recover(context, sink, 0)).toMatchObject({ kind: 'lost' });
    expect(sink.lines).toEqual([]);
  });

  it('signals no process that only has the pid of one it knew', async () => {
    const bystander = spawn('sleep', ['60'], { detached: true });
    const { attempt } = await bench.start(['sleep', '60']);
    const { child } = attempt.handle as {
      child: { pid: number; startTicks: string; bootId: string };
    };
    const context = bench.context({ command: ['true'] });
    const pid = Number(bystander.pid);
    const sink = new RecordingSink();

    const reused = { ...child, pid };
    await recover(context, sink, 0, { shim: reused, child: reused });
    const rebooted = { ...child, bootId: 'of another life of the host' };
    await recover(context, sink, 0, { shim: rebooted, child: rebooted });

    expect(isRunning(pid)).toBe(true);
    expect(isRunning(child.pid)).toBe(true);
    bystander.kill('SIGKILL');
    attempt.cancel({ force: true });
    await attempt.end;
  });

  it('delivers the spool of a host that was started anew, and keeps a recorded end', async () => {
    const started = await startWorker(['bash', '-c', 'echo one; exit 4'], {
      maxBatches: 0,
    });
    const folder = AttemptFolder.of(bench.workRoot, started.context);
    await eventually('the end is on disk', () => existsSync(folder.exit));
    await started.worker.kill();

    const bootId = 'of another life of the host';
    const { shim, child } = started.worker.handle;
    const handle = { shim: { ...shim, bootId }, child: { ...child, bootId } };
    const sink = new RecordingSink();
    expect(await recover(started.context, sink, 0, handle)).toEqual({
      kind: 'exited',
      exitCode: 4,
    });
    expect(sink.text()).toBe('one\n');
  });
});
