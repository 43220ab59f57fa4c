import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineAttempt,
  RecoverContext,
} from '@millrace/backstage-plugin-pipelines-node';
import { waitFor } from './waitFor';

/** An execution whose end a test decides. */
export class FakeExecution implements EngineAttempt {
  readonly handle = { fake: true };
  readonly cancels: { force: boolean; at: number }[] = [];
  /** What it was asked to do about its pause, in order. */
  readonly pauses: boolean[] = [];
  /** Called with each of them; a test may hold it up or let it fail. */
  onPause: (paused: boolean) => Promise<void> = async () => {};
  renewals = 0;
  readonly end: Promise<AttemptEnd>;
  #settle!: (end: AttemptEnd) => void;

  constructor(
    readonly context: AttemptContext,
    private readonly ignoresPoliteEnd: boolean,
  ) {
    this.end = new Promise(resolve => {
      this.#settle = resolve;
    });
  }

  leaseRenewed(): void {
    this.renewals += 1;
  }

  cancel({ force }: { force: boolean }): void {
    this.cancels.push({ force, at: performance.now() });
    if (force || !this.ignoresPoliteEnd) {
      this.finish({
        kind: 'signalled',
        signal: force ? 'SIGKILL' : 'SIGTERM',
        stopped: true,
      });
    }
  }

  async setPaused(paused: boolean): Promise<void> {
    this.pauses.push(paused);
    await this.onPause(paused);
  }

  /** Ends the execution of its own accord. */
  finish(end: AttemptEnd): void {
    this.#settle(end);
  }

  exit(exitCode = 0): void {
    this.finish({ kind: 'exited', exitCode });
  }
}

/** An engine that executes nothing and tells tests all that the worker asks of it. */
export class FakeEngine implements Engine {
  readonly id = 'fake';
  readonly capabilities = {
    cancel: true,
    pause: false,
    logs: true,
    artifacts: true,
  };
  readonly executions: FakeExecution[] = [];
  readonly recovered: RecoverContext[] = [];
  starts = 0;
  /** Executions end only by force. */
  ignoresPoliteEnd = false;
  /** Called before an execution begins; a test may hold it up or let it fail. */
  beforeStart: (context: AttemptContext) => Promise<void> = async () => {};
  /** How a recovery ends. */
  recover = async (context: RecoverContext): Promise<AttemptEnd> => {
    this.recovered.push(context);
    return { kind: 'lost', message: 'nothing was found' };
  };

  checkDefinition(): string[] {
    return [];
  }

  async start(context: AttemptContext): Promise<FakeExecution> {
    this.starts += 1;
    await this.beforeStart(context);
    const execution = new FakeExecution(context, this.ignoresPoliteEnd);
    this.executions.push(execution);
    return execution;
  }

  /** The execution of a run, as soon as there is one; of its latest attempt. */
  executionOf(runId: string, attempt = 1): Promise<FakeExecution> {
    return waitFor(`attempt ${attempt} of run ${runId}`, () =>
      this.executions.find(
        ({ context }) => context.runId === runId && context.attempt === attempt,
      ),
    ) as Promise<FakeExecution>;
  }
}
