import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { RecordingSink } from '../__testUtils__/RecordingSink';
import { SystemEngine } from './SystemEngine';
import type { SystemHandler } from './SystemRun';

describe('SystemEngine', () => {
  let workRoot: string;
  let engine: SystemEngine;

  beforeEach(() => {
    workRoot = mkdtempSync(path.join(tmpdir(), 'millrace-system-'));
    const logger = mockServices.logger.mock();
    engine = SystemEngine.create({ workRoot, logger });
  });

  afterEach(() => {
    rmSync(workRoot, { recursive: true, force: true });
  });

  async function start(handler: SystemHandler, leasedAt?: number) {
    engine.register('test', handler);
    const sink = new RecordingSink();
    const attempt = await engine.start({
      runId: 'run-1',
      attempt: 1,
      idempotencyKey: 'key',
      definition: {
        pipelineId: 'test',
        stopGraceMs: 0,
        options: { handler: 'test' },
      },
      parameters: { answer: 42 },
      sink,
      leasedAt,
    });
    return { attempt, sink };
  }

  it('says why a handler failed', async () => {
    const { attempt } = await start(async () => {
      throw new Error('The moon is in the way');
    });
    expect(await attempt.end).toEqual({
      kind: 'failed',
      message: 'The moon is in the way',
    });
  });

  it('gives the handler its parameters and takes files from its folder only', async () => {
    const { attempt, sink } = await start(async run => {
      await run.log(JSON.stringify(run.parameters), 'stderr');
      await writeFile(path.join(run.artifactsFolder, 'a.csv'), '1,2');
      await run.artifact({ path: 'a.csv', mediaType: 'text/csv' });
      await run.artifact({ path: '/etc/passwd' });
    });
    expect(await attempt.end).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`'/etc/passwd' was refused`),
    });
    expect(sink.text('stderr')).toBe('{"answer":42}\n');
    expect(sink.messages).toEqual([
      {
        type: 'artifact',
        path: path.join(workRoot, 'attempts/run-1.1/artifacts/a.csv'),
        name: 'a.csv',
        mediaType: 'text/csv',
      },
    ]);
  });

  it('cuts lines at 64 KiB', async () => {
    const { attempt, sink } = await start(run => run.log('x'.repeat(150_000)));
    await attempt.end;
    expect(sink.lines.map(({ bytes }) => bytes.length)).toEqual([
      65_536, 65_536, 18_929,
    ]);
  });

  it('stops a handler whose lease is not renewed for 10 s', async () => {
    const { attempt } = await start(
      run =>
        new Promise(resolve => {
          run.signal.addEventListener('abort', () => resolve());
        }),
      performance.now() - 9_900,
    );
    expect(await attempt.end).toMatchObject({ kind: 'lost' });
  });

  it('refuses definitions that name no handler, and a second handler of one name', () => {
    const check = (options: Record<string, string>) =>
      engine.checkDefinition({ pipelineId: 'x', stopGraceMs: 0, options });
    engine.register('export', async () => {});
    expect(check({ handler: 'export' })).toEqual([]);
    expect(check({})).toEqual([expect.stringContaining(`option 'handler'`)]);
    expect(check({ handler: 'exprot' })).toEqual([
      expect.stringContaining(`known: export`),
    ]);
    expect(() => engine.register('export', async () => {})).toThrow(
      `There is a system handler 'export' already`,
    );
  });
});
