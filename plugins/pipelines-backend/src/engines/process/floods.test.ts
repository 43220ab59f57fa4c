import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessBench } from '../__testUtils__/processBench';
import { ownMemoryKib } from '../__testUtils__/processes';
import { RecordingSink } from '../__testUtils__/RecordingSink';
import { AttemptFolder } from '../AttemptFolder';

const MIB = 1024 * 1024;

jest.setTimeout(60_000);

/** Watches how much the memory of a process grows. */
function watchMemory(pid: number): { stop(): void; grownKib(): number } {
  const first = ownMemoryKib(pid);
  let highest = first;
  const timer = setInterval(() => {
    try {
      highest = Math.max(highest, ownMemoryKib(pid) || 0);
    } catch {
      clearInterval(timer);
    }
  }, 10);
  return {
    stop: () => clearInterval(timer),
    grownKib: () => highest - first,
  };
}

describe('a flood of log in the process engine', () => {
  let bench: ProcessBench;

  beforeEach(() => {
    bench = new ProcessBench();
  });

  afterEach(async () => {
    await bench.close();
  });

  it('takes 100,000 lines per second of 200 MB in flat memory, complete', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const lines = 2_000_000;
    const { attempt, sink } = await bench.start(
      ['bash', '-c', `sleep 0.5; yes ${line.trim()} | head -n ${lines}`],
      {},
      new RecordingSink(false),
    );
    const { shim } = attempt.handle as { shim: { pid: number } };
    const memory = watchMemory(shim.pid);
    const ownBefore = process.memoryUsage().rss;
    await sink.until(({ bytes }) => bytes > 0);
    const began = performance.now();

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    const seconds = (performance.now() - began) / 1_000;
    expect(sink.bytes).toBe(lines * line.length);
    expect(memory.grownKib()).toBeLessThan(30 * 1024);
    expect(process.memoryUsage().rss - ownBefore).toBeLessThan(150 * MIB);
    expect(lines / seconds).toBeGreaterThan(100_000);
  });

  it('cuts a line of 120 MB into pieces without keeping it', async () => {
    const { attempt, sink } = await bench.start(
      [
        'bash',
        '-c',
        `head -c ${40 * MIB} /dev/zero | tr '\\0' y; sleep 1
         head -c ${80 * MIB} /dev/zero | tr '\\0' y`,
      ],
      {},
      new RecordingSink(false),
    );
    const { shim } = attempt.handle as { shim: { pid: number } };
    await sink.until(({ bytes }) => bytes > 39 * MIB);
    // Code and buffers are in use by now, so what grows from here on is what is kept.
    const memory = watchMemory(shim.pid);
    await sink.until(({ bytes }) => bytes > 100 * MIB);
    memory.stop();

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(sink.bytes).toBe(120 * MIB);
    expect(sink.positions.length).toBeGreaterThanOrEqual(1_920);
    expect(sink.sha256.digest('hex')).toBe(
      createHash('sha256')
        .update(Buffer.alloc(120 * MIB, 'y'))
        .digest('hex'),
    );
    expect(memory.grownKib()).toBeLessThan(4 * 1024);
  });

  it('lets the command wait while the sink does not take its log, and goes on without loss', async () => {
    const small = new ProcessBench({
      limits: { spoolBytes: MIB, segmentBytes: 256 * 1024 },
    });
    const sink = new RecordingSink(false);
    let open: () => void = () => {};
    const gate = new Promise<void>(resolve => {
      open = resolve;
    });
    sink.onDelivery = () => gate;
    const { attempt, context } = await small.start(
      small.node(`
        const { writeSync, writeFileSync } = require('fs');
        const bytes = Buffer.alloc(8192, 'z'); bytes[8191] = 10;
        const file = process.env.MILLRACE_ARTIFACTS_DIR + '/written';
        for (let n = 1; n <= 1024; n++) { writeSync(1, bytes); writeFileSync(file, String(n)); }`),
      {},
      sink,
    );
    const { artifacts } = AttemptFolder.of(small.workRoot, context);
    const file = path.join(artifacts, 'written');
    const written = () =>
      existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    let before = -1;
    while (before !== written() || before === 0) {
      before = written();
      await sleep(300);
    }
    expect(written()).toBeLessThan(512);

    open();
    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(sink.bytes).toBe(8 * MIB);
    await small.close();
  });
});
