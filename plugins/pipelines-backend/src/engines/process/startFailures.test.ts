import { existsSync } from 'node:fs';
import { ProcessBench } from '../__testUtils__/processBench';
import { AttemptFolder } from '../AttemptFolder';

describe('a command of the process engine that cannot be started', () => {
  let bench: ProcessBench;

  beforeEach(() => {
    bench = new ProcessBench();
  });

  afterEach(async () => {
    await bench.close();
  });

  it.each([
    {
      problem: 'a program that is not in PATH',
      command: ['no-such-program'],
      reason:
        /program 'no-such-program' was not found in PATH .* install it on this worker/,
    },
    {
      problem: 'a program that does not exist',
      command: ['/no/such/program'],
      reason: /program '\/no\/such\/program' does not exist/,
    },
    {
      problem: 'a file that is not executable',
      command: [__filename],
      reason: /is not executable; run 'chmod \+x' on it/,
    },
    {
      problem: 'a folder in place of a program',
      command: [__dirname],
      reason: /is not a program; change 'command'/,
    },
    {
      problem: 'a working folder that does not exist',
      command: ['true'],
      cwd: '/no/such/folder',
      reason: /working folder '\/no\/such\/folder' does not exist .* 'cwd'/,
    },
    {
      problem: 'a file in place of a working folder',
      command: ['true'],
      cwd: __filename,
      reason: /working folder '.*' is not a folder/,
    },
    {
      problem: 'an argument that is longer than the kernel takes',
      command: ['true', 'x'.repeat(200_000)],
      reason: /arguments and environment are too long/,
    },
  ])(
    'says why $problem cannot be started, and leaves nothing behind',
    async ({ command, cwd, reason }) => {
      const context = bench.context({ command, ...(cwd && { cwd }) });
      await expect(bench.engine.start(context)).rejects.toThrow(reason);
      expect(existsSync(AttemptFolder.of(bench.workRoot, context).path)).toBe(
        false,
      );
    },
  );

  it('does not start anything for a lease that is over', async () => {
    const context = bench.context({ command: ['true'] });
    const leasedAt = performance.now() - 14_000;
    await expect(bench.engine.start({ ...context, leasedAt })).rejects.toThrow(
      /lease was over before/,
    );
  });
});
