import { existsSync, readdirSync } from 'node:fs';
import {
  cleanUpPipelines,
  processesOfRun,
  startPipeline,
  waitFor,
} from './__testUtils__/startPipeline.ts';
import type { StartedPipeline } from './__testUtils__/startPipeline.ts';

jest.setTimeout(60_000);

afterEach(cleanUpPipelines);

// Processes are looked for in /proc
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

async function startLongRun(underShell = false): Promise<StartedPipeline> {
  const run = startPipeline({
    parameters: { profile: 'archive', durationSeconds: 600 },
    underShell,
  });
  await waitFor('progress is made', () =>
    run.messages().some(({ type }) => type === 'progress'),
  );
  // The checks below would prove nothing if ffmpeg could not be found while it runs
  expect(ffmpegOf(run)).toBeGreaterThan(0);
  expect(readdirSync(run.folder)).toHaveLength(1);
  return run;
}

function ffmpegOf({ runId }: StartedPipeline): number {
  const ffmpeg = processesOfRun(runId).find(({ command }) =>
    command.includes('libx264'),
  );
  return ffmpeg?.pid ?? 0;
}

function filesOf({ folder }: StartedPipeline): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

describeOnLinux('a stopped transcode', () => {
  it.each([
    { signal: 'SIGTERM' as const, code: 143 },
    { signal: 'SIGINT' as const, code: 130 },
  ])(
    'leaves no ffmpeg and no partial file after $signal and ends with $code',
    async ({ signal, code }) => {
      const run = await startLongRun();
      const before = performance.now();
      run.child.kill(signal);
      expect(await run.exitCode).toBe(code);
      expect(performance.now() - before).toBeLessThan(5_000);
      expect(processesOfRun(run.runId)).toEqual([]);
      expect(filesOf(run)).toEqual([]);
      const steps = run.messages().filter(({ type }) => type === 'step');
      expect(steps.at(-1)).toMatchObject({ name: 'encode', status: 'running' });
      expect(run.stderr()).toContain(`error: Stopped by ${signal}\n`);
    },
  );

  it('ends the same when ffmpeg gets the signal of the group as well', async () => {
    const run = await startLongRun();
    process.kill(-run.child.pid!, 'SIGTERM');
    expect(await run.exitCode).toBe(143);
    expect(processesOfRun(run.runId)).toEqual([]);
    expect(filesOf(run)).toEqual([]);
  });

  it('takes ffmpeg along when it is killed outright', async () => {
    const run = await startLongRun();
    run.child.kill('SIGKILL');
    await run.exitCode;
    await waitFor(
      'ffmpeg has ended',
      () => processesOfRun(run.runId).length === 0,
    );
    expect(run.messages().at(-1)).not.toMatchObject({ type: 'summary' });
  });

  it.each([
    {
      signal: 'SIGTERM',
      code: 143,
      sentence: 'ffmpeg was stopped by signal 15',
    },
    { signal: 'SIGKILL', code: 1, sentence: 'ffmpeg was ended by SIGKILL' },
  ])(
    'ends with $code and cleans up when $signal reaches ffmpeg alone',
    async ({ signal, code, sentence }) => {
      const run = await startLongRun();
      process.kill(ffmpegOf(run), signal);
      expect(await run.exitCode).toBe(code);
      expect(run.stderr()).toContain(`error: ${sentence}\n`);
      expect(processesOfRun(run.runId)).toEqual([]);
      expect(filesOf(run)).toEqual([]);
    },
  );

  it('stops and cleans up when its parent is killed', async () => {
    const run = await startLongRun(true);
    run.child.kill('SIGKILL');
    await waitFor(
      'all processes have ended',
      () => processesOfRun(run.runId).length === 0,
    );
    expect(filesOf(run)).toEqual([]);
  });

  it('stops and cleans up when nobody reads its output', async () => {
    const run = await startLongRun();
    run.child.stdout.destroy();
    expect(await run.exitCode).toBe(143);
    expect(processesOfRun(run.runId)).toEqual([]);
    expect(filesOf(run)).toEqual([]);
  });
});
