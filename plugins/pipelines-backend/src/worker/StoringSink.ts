import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError } from '@backstage/errors';
import type {
  AttemptSink,
  LogBatch,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import type { LiveService } from '../live';
import { LeaseLostError, type AttemptRecorder } from '../runs';
import { LastWords } from './LastWords';
import { patiently, type HeldLease } from './patiently';
import { Throttle } from './Throttle';
import type { AttemptArtifacts, AttemptFile, AttemptLogs } from './types';

/** Progress and metrics may come thousands of times; people see four of them in a second. */
const PROGRESS_EVERY_MS = 250;

/**
 * Stores what an attempt says in the rooms that keep it.
 *
 * @remarks
 * A database that is out of order holds an attempt up but costs nothing. Of progress and
 * metrics only the newest is kept while the last write is less than 250 ms old. Messages may come
 * again after a recovery: those that become events are recognized by their position, and all
 * others leave things as they were.
 */
export class StoringSink implements AttemptSink {
  readonly #held: HeldLease;
  readonly #logs: AttemptLogs;
  readonly #artifacts: AttemptArtifacts;
  readonly #recorder: AttemptRecorder;
  readonly #live: LiveService;
  readonly #logger: LoggerService;
  readonly #throttle: Throttle;
  readonly #lastWords = new LastWords();
  #progress: { progress: number; message?: string } | undefined;
  #metrics: Record<string, number> = {};
  #unkept: string | undefined;

  constructor(options: {
    held: HeldLease;
    logs: AttemptLogs;
    artifacts: AttemptArtifacts;
    recorder: AttemptRecorder;
    live: LiveService;
    logger: LoggerService;
  }) {
    this.#held = options.held;
    this.#logs = options.logs;
    this.#artifacts = options.artifacts;
    this.#recorder = options.recorder;
    this.#live = options.live;
    this.#logger = options.logger;
    this.#throttle = new Throttle({
      everyMs: PROGRESS_EVERY_MS,
      action: () => this.#storeProgress(),
    });
  }

  /**
   * Why an artifact could not be kept through no fault of the run, such as a full disk; a run of
   * which one is missing has not succeeded. Undefined when all were kept or refused.
   */
  get unkept(): string | undefined {
    return this.#unkept;
  }

  /** The last line of stderr; see {@link LastWords}. */
  get lastWords(): string | undefined {
    return this.#lastWords.text;
  }

  log(batch: LogBatch): Promise<void> {
    this.#lastWords.hear(batch.lines);
    return this.#store(() => this.#logs.append(this.#held.lease, batch));
  }

  async message(message: RunnerMessage, position?: number): Promise<void> {
    try {
      await this.#take(message, position);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        throw error;
      }
      this.#logger.warn(
        `Could not keep a '${message.type}' of run '${
          this.#held.lease.runId
        }': ${error}`,
      );
      await this.#warn(
        `A message of type '${message.type}' could not be kept: ${
          error instanceof Error ? error.message : error
        }`,
        position,
      );
    }
  }

  /** Stores what was put off. */
  async flush(): Promise<void> {
    await this.#throttle.flush();
  }

  /** Forgets what was put off. */
  cancel(): void {
    this.#throttle.cancel();
  }

  /** Tells the reader of the run something. */
  #warn(reason: string, position?: number): Promise<void> {
    return this.#store(() =>
      this.#recorder.recordEvent({
        kind: 'warning',
        name: 'warning',
        reason,
        position,
      }),
    );
  }

  async #take(message: RunnerMessage, position?: number): Promise<void> {
    switch (message.type) {
      case 'step':
        await this.#store(() =>
          this.#recorder.recordStep({
            name: message.name,
            state: message.status,
            message: message.message,
          }),
        );
        break;
      case 'progress':
        this.#progress = message;
        await this.#throttle.request();
        break;
      case 'metric':
        this.#metrics[message.name] = message.value;
        await this.#throttle.request();
        break;
      case 'output':
        await this.#store(() =>
          this.#recorder.recordOutput(message.name, message.json),
        );
        break;
      case 'artifact':
        await this.#keep({
          path: message.path,
          name: message.name,
          mediaType: message.mediaType,
        });
        break;
      case 'summary':
        await this.#store(() => this.#recorder.recordSummary(message.text));
        break;
      case 'warning':
        await this.#warn(message.message, position);
        break;
      default:
        await this.#store(() =>
          this.#recorder.recordEvent({
            kind: 'runner',
            name: `${message.body.type ?? 'message'}`,
            details: message.body,
            position,
          }),
        );
    }
  }

  async #keep(file: AttemptFile): Promise<void> {
    try {
      await this.#store(() => this.#artifacts.store(this.#held.lease, file));
    } catch (error) {
      if (!isRefusal(error) && !(error instanceof LeaseLostError)) {
        this.#unkept ??= `Artifact '${file.name}' could not be kept (${
          error instanceof Error ? error.message : error
        })`;
      }
      throw error;
    }
  }

  async #storeProgress(): Promise<void> {
    const progress = this.#progress;
    const metrics = this.#metrics;
    this.#progress = undefined;
    this.#metrics = {};
    if (progress) {
      await this.#store(() =>
        this.#recorder.recordProgress(progress.progress, progress.message),
      );
    }
    if (Object.keys(metrics).length > 0) {
      await this.#store(() => this.#recorder.recordMetrics(metrics));
    }
  }

  async #store(action: () => Promise<void>): Promise<void> {
    await patiently(this.#held, action);
    this.#live.grown(this.#held.lease.runId);
  }
}

/** Whether the run itself offered what cannot be taken. */
function isRefusal(error: unknown): boolean {
  return error instanceof InputError || error instanceof ConflictError;
}
