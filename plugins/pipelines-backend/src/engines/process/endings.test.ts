import { readFileSync } from 'node:fs';
import { ProcessBench } from '../__testUtils__/processBench';
import {
  eventually,
  isRunning,
  taggedProcesses,
} from '../__testUtils__/processes';
import { RecordingSink } from '../__testUtils__/RecordingSink';

const GRACE_MS = 1_000;
const IGNORES_TERM = [
  'bash',
  '-c',
  `trap '' TERM; echo up; sleep 60; sleep 60`,
];

describe('the end of a command of the process engine', () => {
  let bench: ProcessBench;

  beforeEach(() => {
    bench = new ProcessBench();
  });

  afterEach(async () => {
    await bench.close();
  });

  it('forces a command that ignores SIGTERM when its grace is over', async () => {
    const { attempt, sink, runId } = await bench.start(IGNORES_TERM, {
      stopGraceMs: GRACE_MS,
    });
    await sink.until(({ bytes }) => bytes > 0);

    const asked = performance.now();
    attempt.cancel({ force: false });
    expect(await attempt.end).toEqual({
      kind: 'signalled',
      signal: 'SIGKILL',
      stopped: true,
    });
    const took = performance.now() - asked;
    expect(took).toBeGreaterThanOrEqual(GRACE_MS - 5);
    expect(took).toBeLessThan(GRACE_MS + 500);
    expect(taggedProcesses(runId)).toEqual([]);
  });

  it('skips the grace when a second cancel asks for it', async () => {
    const { attempt, sink } = await bench.start(IGNORES_TERM, {
      stopGraceMs: 60_000,
    });
    await sink.until(({ bytes }) => bytes > 0);

    attempt.cancel({ force: false });
    const asked = performance.now();
    attempt.cancel({ force: true });
    expect(await attempt.end).toMatchObject({ signal: 'SIGKILL' });
    expect(performance.now() - asked).toBeLessThan(1_000);
  });

  it('lets what the command started use the grace to clean up', async () => {
    const { attempt, sink } = await bench.start(
      [
        'bash',
        '-c',
        `(trap 'sleep 0.3; echo cleaned; exit 0' TERM; echo up; while :; do sleep 0.05; done) & wait`,
      ],
      { stopGraceMs: 5_000 },
    );
    await sink.until(({ bytes }) => bytes > 0);

    const asked = performance.now();
    attempt.cancel({ force: false });
    expect(await attempt.end).toMatchObject({ stopped: true });
    expect(sink.text('stdout')).toBe('up\ncleaned\n');
    expect(performance.now() - asked).toBeLessThan(2_000);
  });

  it('sends SIGTERM within 300 ms of the cancel', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(
        `process.on('SIGTERM', () => { console.log(Date.now()); process.exit(7); });
         console.log('up'); setInterval(() => {}, 1000);`,
      ),
    );
    await sink.until(({ bytes }) => bytes > 0);

    const asked = Date.now();
    attempt.cancel({ force: false });
    expect(await attempt.end).toEqual({
      kind: 'exited',
      exitCode: 7,
      stopped: true,
    });
    expect(Number(sink.text().split('\n')[1]) - asked).toBeLessThan(300);
  });

  it('ends a frozen command that is cancelled', async () => {
    const { attempt } = await bench.start(['bash', '-c', 'kill -STOP $$']);
    const { child } = attempt.handle as { child: { pid: number } };
    await eventually('the command is frozen', () =>
      readFileSync(`/proc/${child.pid}/stat`, 'latin1').includes(') T '),
    );

    attempt.cancel({ force: false });
    expect(await attempt.end).toMatchObject({ signal: 'SIGTERM' });
  });

  it('finds daemons that left the session, after a cancel and after a success', async () => {
    const daemons = `
      setsid sleep 60 >/dev/null 2>&1 &
      (setsid bash -c '(exec sleep 60) & (sleep 60 &) ; exit' >/dev/null 2>&1 &) 
      sleep 0.2; echo up; exec "$@"`;
    const cancelled = await bench.start(
      ['bash', '-c', daemons, 'x', 'sleep', '60'],
      { stopGraceMs: 100 },
    );
    await cancelled.sink.until(({ bytes }) => bytes > 0);
    expect(taggedProcesses(cancelled.runId).length).toBeGreaterThanOrEqual(4);
    cancelled.attempt.cancel({ force: false });
    await cancelled.attempt.end;
    expect(taggedProcesses(cancelled.runId)).toEqual([]);

    const succeeded = await bench.start(['bash', '-c', daemons, 'x', 'true']);
    expect(await succeeded.attempt.end).toEqual({
      kind: 'exited',
      exitCode: 0,
    });
    expect(taggedProcesses(succeeded.runId)).toEqual([]);
    expect(succeeded.sink.messages).toEqual([
      {
        type: 'warning',
        message: expect.stringMatching(/left 3 processes behind/),
      },
    ]);
  });

  it('finds a child that has neither the tag nor the session, by its parent', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      `env -i setsid bash -c 'echo $$; sleep 60; true' & wait`,
    ]);
    await sink.until(({ bytes }) => bytes > 0);
    const escaped = Number(sink.text());

    attempt.cancel({ force: true });
    await attempt.end;
    expect(isRunning(escaped)).toBe(false);
  });

  it('does not wait for a grandchild that holds the output open', async () => {
    const began = performance.now();
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'sleep 60 & echo done',
    ]);

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(sink.text()).toBe('done\n');
  });

  it('still takes what a grandchild writes in the second after the exit', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      '(sleep 0.3; echo late) & echo done',
    ]);

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(sink.text()).toBe('done\nlate\n');
  });

  it.each(['SIGSEGV', 'SIGKILL', 'SIGABRT'])(
    'says that a command ended by %s',
    async signal => {
      const { attempt } = await bench.start([
        'bash',
        '-c',
        `ulimit -c 0; kill -${signal.slice(3)} $$`,
      ]);
      expect(await attempt.end).toEqual({ kind: 'signalled', signal });
    },
  );

  it('ends the command and delivers nothing more when the sink says that the lease is lost', async () => {
    const sink = new RecordingSink();
    const { attempt, runId } = await bench.start(
      ['bash', '-c', `trap '' TERM; while :; do echo x; sleep 0.05; done`],
      {},
      sink,
    );
    await sink.until(({ bytes }) => bytes > 4);
    let calls = 0;
    sink.onDelivery = () => {
      calls += 1;
      throw new Error('The lease is lost');
    };

    expect(await attempt.end).toMatchObject({ kind: 'lost' });
    expect(calls).toBe(1);
    expect(taggedProcesses(runId)).toEqual([]);
  });

  it('ends the command by its own clock when the lease is not renewed', async () => {
    const short = new ProcessBench({
      limits: { leaseTermMs: 400, leaseKillMs: 800 },
    });
    const context = short.context({ command: IGNORES_TERM });
    const began = performance.now();
    const attempt = await short.engine.start(context);

    expect(await attempt.end).toEqual({
      kind: 'lost',
      message: expect.stringContaining('did not renew the lease in time'),
    });
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(795);
    expect(took).toBeLessThan(1_300);
    await short.close();
  });

  it('keeps a command alive while the lease is renewed, and dates a renewal by its question', async () => {
    const short = new ProcessBench({
      limits: { leaseTermMs: 600, leaseKillMs: 700 },
    });
    const context = short.context({ command: ['sleep', '60'] });
    const attempt = await short.engine.start(context);
    let ended = false;
    void attempt.end.then(() => {
      ended = true;
    });
    const began = performance.now();
    while (performance.now() - began < 1_500) {
      attempt.leaseRenewed();
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(ended).toBe(false);

    const asked = performance.now();
    const stale = setInterval(() => attempt.leaseRenewed(asked), 50);
    expect(await attempt.end).toMatchObject({ kind: 'lost' });
    clearInterval(stale);
    expect(performance.now() - asked).toBeLessThan(1_200);
    await short.close();
  });

  it('ends the command and says lost when the shim is killed', async () => {
    const { attempt, sink, runId } = await bench.start([
      'bash',
      '-c',
      `echo first; (setsid sleep 60 &); sleep 60`,
    ]);
    await sink.until(({ bytes }) => bytes > 0);
    const { shim } = attempt.handle as { shim: { pid: number } };

    process.kill(shim.pid, 'SIGKILL');
    expect(await attempt.end).toEqual({
      kind: 'lost',
      message: expect.stringContaining('its end is not known'),
    });
    expect(taggedProcesses(runId)).toEqual([]);
    expect(sink.text()).toBe('first\n');
  });

  it('lets signals to the shim alone do nothing to the command', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'echo up; sleep 1; echo still here',
    ]);
    await sink.until(({ bytes }) => bytes > 0);
    const { shim } = attempt.handle as { shim: { pid: number } };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const) {
      process.kill(shim.pid, signal);
    }
    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(sink.text()).toBe('up\nstill here\n');
  });
});
