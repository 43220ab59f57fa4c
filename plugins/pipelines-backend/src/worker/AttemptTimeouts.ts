import type {
  AttemptSink,
  LogBatch,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import type { PipelineDefinition } from '../definitions';
import type { ExceededTimeout } from '../queue';
import { PausableTimer } from './PausableTimer';

/** Steps that are timed at once; nobody keeps more of an attempt. */
const MAX_STEPS = 1_000;

/** How long an attempt may take, as its pipeline defines it. */
export type TimeoutLimits = Pick<
  PipelineDefinition,
  'timeoutMs' | 'stepTimeoutMs' | 'noOutputTimeoutMs'
>;

/**
 * Watches how long an attempt takes: all of it, each of its steps, and the time without a word.
 *
 * @remarks
 * No time passes while it stands still, and none without a word while what it said is being
 * stored: then it is not the attempt that lets us wait.
 */
export class AttemptTimeouts {
  readonly #limits: TimeoutLimits;
  readonly #onExceeded: (timeout: ExceededTimeout) => void;
  readonly #steps = new Map<string, PausableTimer>();
  readonly #whole: PausableTimer | undefined;
  readonly #silence: PausableTimer | undefined;
  #isRunning = false;
  #deliveries = 0;

  constructor(
    limits: TimeoutLimits,
    onExceeded: (timeout: ExceededTimeout) => void,
  ) {
    this.#limits = limits;
    this.#onExceeded = onExceeded;
    this.#whole = this.#timer(limits.timeoutMs, { what: 'run' });
    this.#silence = this.#timer(limits.noOutputTimeoutMs, {
      what: 'no-output',
    });
  }

  /** A sink that hears what the attempt says on its way to another. */
  listenTo(sink: AttemptSink): AttemptSink {
    return {
      log: (batch: LogBatch) => this.#deliver(() => sink.log(batch)),
      message: (message: RunnerMessage, position?: number) => {
        if (message.type === 'step') {
          this.#hearStep(message.name, message.status);
        }
        return this.#deliver(() => sink.message(message, position));
      },
    };
  }

  /** The execution begins, or goes on. */
  run(): void {
    this.#isRunning = true;
    this.#each(timer => timer.run());
  }

  /** The execution stands still, or is over. */
  hold(): void {
    this.#isRunning = false;
    this.#each(timer => timer.hold());
  }

  async #deliver(store: () => Promise<void>): Promise<void> {
    this.#deliveries += 1;
    this.#silence?.hold();
    try {
      await store();
    } finally {
      this.#deliveries -= 1;
      this.#silence?.reset();
      this.#runSilence();
    }
  }

  #hearStep(name: string, status: string): void {
    const known = this.#steps.get(name);
    if (status !== 'running') {
      known?.hold();
      this.#steps.delete(name);
    } else if (!known && this.#steps.size < MAX_STEPS) {
      const timer = this.#timer(this.#limits.stepTimeoutMs, {
        what: 'step',
        step: name,
      });
      if (timer) {
        this.#steps.set(name, timer);
        if (this.#isRunning) {
          timer.run();
        }
      }
    }
  }

  #runSilence(): void {
    if (this.#isRunning && this.#deliveries === 0) {
      this.#silence?.run();
    }
  }

  #each(action: (timer: PausableTimer) => void): void {
    [this.#whole, ...this.#steps.values()].forEach(
      timer => timer && action(timer),
    );
    if (this.#isRunning) {
      this.#runSilence();
    } else {
      this.#silence?.hold();
    }
  }

  #timer(
    limitMs: number | undefined,
    timeout: Omit<ExceededTimeout, 'limitMs'>,
  ): PausableTimer | undefined {
    return limitMs === undefined
      ? undefined
      : new PausableTimer(limitMs, () =>
          this.#onExceeded({ ...timeout, limitMs }),
        );
  }
}
