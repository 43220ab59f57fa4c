import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type {
  AttemptContext,
  EngineDefinition,
} from '@millrace/backstage-plugin-pipelines-node';
import {
  ProcessEngine,
  type ProcessEngineOptions,
} from '../process/ProcessEngine';
import type { ProcessAttempt } from '../process/ProcessAttempt';
import { eventually, taggedProcesses } from './processes';
import { RecordingSink } from './RecordingSink';

const RENEWAL_INTERVAL_MS = 1_000;

/** A started attempt with what the test needs of it. */
export interface BenchAttempt {
  runId: string;
  attempt: ProcessAttempt;
  sink: RecordingSink;
  context: AttemptContext;
}

/** A process engine on a folder of its own, which checks afterwards that nothing is left. */
export class ProcessBench {
  readonly workRoot = mkdtempSync(path.join(tmpdir(), 'millrace-engine-'));
  readonly engine: ProcessEngine;
  readonly #runIds: string[] = [];
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: Partial<ProcessEngineOptions> = {}) {
    this.engine = ProcessEngine.create({
      workRoot: this.workRoot,
      logger: mockServices.logger.mock(),
      shimPoolSize: 1,
      ...options,
    });
  }

  context(
    definition: Partial<EngineDefinition>,
    sink = new RecordingSink(),
  ): AttemptContext & { sink: RecordingSink } {
    const runId = randomUUID();
    this.#runIds.push(runId);
    return {
      runId,
      attempt: 1,
      idempotencyKey: `key-of-${runId}`,
      definition: {
        pipelineId: 'bench',
        cwd: this.workRoot,
        stopGraceMs: 2_000,
        options: {},
        ...definition,
      },
      parameters: { answer: 42 },
      sink,
    };
  }

  /** Starts a command and renews its lease until its end. */
  async start(
    command: string[],
    definition: Partial<EngineDefinition> = {},
    sink = new RecordingSink(),
  ): Promise<BenchAttempt> {
    const context = this.context({ command, ...definition }, sink);
    const attempt = await this.engine.start(context);
    const timer = setInterval(
      () => attempt.leaseRenewed(),
      RENEWAL_INTERVAL_MS,
    );
    this.#timers.push(timer);
    void attempt.end.then(() => clearInterval(timer));
    return { runId: context.runId, attempt, sink, context };
  }

  /** A program in JavaScript as a command. */
  node(program: string): string[] {
    return [process.execPath, '-e', program];
  }

  async close(): Promise<void> {
    this.#timers.forEach(timer => clearInterval(timer));
    await this.engine.stop();
    try {
      for (const runId of this.#runIds) {
        await eventually(
          `no process of run ${runId} is alive`,
          () => taggedProcesses(runId).length === 0,
          3_000,
        );
      }
    } finally {
      rmSync(this.workRoot, { recursive: true, force: true });
    }
  }
}
