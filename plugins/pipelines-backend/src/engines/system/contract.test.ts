import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { describeEngineContract } from '@millrace/backstage-plugin-pipelines-node';
import { SystemEngine } from './SystemEngine';
import type { SystemHandler } from './SystemRun';

const HANDLERS: Record<string, SystemHandler> = {
  succeeds: run => run.log('hello'),
  fails: async () => {
    throw new Error('It does not work');
  },
  runsUntilCancelled: async run => {
    await run.log('up');
    run.signal.throwIfAborted();
    await new Promise((_, reject) => {
      run.signal.addEventListener('abort', () => reject(run.signal.reason));
    });
  },
  counts: async run => {
    for (let n = 0; n < 10_000; n += 100) {
      const lines = Array.from({ length: 100 }, (_, offset) => n + offset);
      await run.log(lines.join('\n'));
    }
  },
  makes: async run => {
    await writeFile(path.join(run.artifactsFolder, 'made.txt'), 'made');
    await run.artifact({ path: 'made.txt' });
  },
  tells: run => run.log(`${run.parameters.secret}`),
  resumes: async ({ resume, log }) => {
    const made = path.join(`${resume?.artifactsFolder}`, 'made.txt');
    await log(`${resume?.step} ${await readFile(made, 'utf8')}`);
  },
  speaks: run => run.report({ type: 'step', name: 'one', status: 'running' }),
};

describeEngineContract('the system engine', async () => {
  const workRoot = mkdtempSync(path.join(tmpdir(), 'millrace-system-'));
  const logger = mockServices.logger.mock();
  const engine = SystemEngine.create({ workRoot, logger });
  for (const [name, handler] of Object.entries(HANDLERS)) {
    engine.register(name, handler);
  }
  const definition = (handler: string) => ({
    pipelineId: 'contract',
    stopGraceMs: 500,
    options: { handler },
  });
  return {
    engine,
    definitions: {
      succeeds: definition('succeeds'),
      fails: definition('fails'),
      runsUntilCancelled: definition('runsUntilCancelled'),
      counts: definition('counts'),
      speaks: definition('speaks'),
      makes: definition('makes'),
      tells: definition('tells'),
      resumes: definition('resumes'),
    },
    close: async () => rmSync(workRoot, { recursive: true, force: true }),
  };
});
