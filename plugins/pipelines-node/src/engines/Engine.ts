import type { EngineCapabilities } from '@millrace/backstage-plugin-pipelines-common';
import type { JsonObject } from '@backstage/types';

/**
 * What executes runs.
 *
 * @remarks
 * The worker claims a run, then calls {@link Engine.start} once for the attempt. An engine never
 * writes to the database: it speaks to the {@link AttemptSink} and ends with an
 * {@link AttemptEnd}. It never invents success: an end that it cannot know is `lost`.
 *
 * @public
 */
export interface Engine {
  /** What definitions write after `engine:`. */
  readonly id: string;
  /** Declared once; what is false is not offered anywhere. */
  readonly capabilities: EngineCapabilities;
  /**
   * Checks the engine's own part of a definition at start.
   *
   * @returns every problem as one sentence; an empty list means that the definition is good
   */
  checkDefinition(definition: EngineDefinition): string[];
  /**
   * Begins to execute an attempt.
   *
   * @remarks
   * Resolves when the execution is there (a process has a pid). Rejects with an error whose
   * message says why it could not start; such an attempt is `failed`, with no retry storm.
   */
  start(context: AttemptContext): Promise<EngineAttempt>;
  /**
   * Looks after an attempt that a worker on this host left behind when it died.
   *
   * @remarks
   * Makes sure that nothing of it is alive any more, delivers to the sink whatever had not
   * arrived before (each byte once, from `resumeFrom` on), and says how it ended: the true end
   * where that was recorded, else `lost`.
   */
  recover?(context: RecoverContext): Promise<AttemptEnd>;
}

/** The parts of a pipeline's definition that an engine reads. @public */
export interface EngineDefinition {
  pipelineId: string;
  /** The program and its arguments, for engines that start one. */
  command?: readonly string[];
  /** Folder that the program starts in, absolute. */
  cwd?: string;
  /** Names of environment variables that are passed on. */
  env?: readonly string[];
  /** Names of environment variables that are passed on and redacted everywhere. */
  secrets?: readonly string[];
  /** Time between the polite and the forced end, in ms. */
  stopGraceMs: number;
  /** Everything else that the definition has under its engine's name. */
  options: JsonObject;
}

/** The attempt that an engine is asked to execute. @public */
export interface AttemptContext {
  runId: string;
  attempt: number;
  /** The same for every attempt of a run. */
  idempotencyKey: string;
  definition: EngineDefinition;
  parameters: JsonObject;
  /** Values inside the parameters that must be redacted everywhere. */
  secretValues?: readonly string[];
  /** Set when the run begins at a step, because the ones before succeeded in an earlier run. */
  resume?: {
    step: string;
    /** The run that got so far. */
    runId: string;
    /** Folder with the artifacts of that run; its files may be read and not changed. */
    artifactsFolder: string;
  };
  sink: AttemptSink;
  /**
   * `performance.now()` just before the claim was sent to the database; default: now.
   *
   * @remarks
   * The clock of the lease begins there, so a worker that was frozen after its claim cannot
   * start anything that would outlive the lease.
   */
  leasedAt?: number;
}

/** An attempt left behind, and what is known of it. @public */
export interface RecoverContext extends AttemptContext {
  /** What the engine had said in {@link EngineAttempt.handle}; absent when it died before. */
  handle?: JsonObject;
  /** The `position` of the last log batch that was stored; 0 when there was none. */
  resumeFrom: number;
}

/** A running attempt, as the worker drives it. @public */
export interface EngineAttempt {
  /** Stored with the attempt, so that another process on this host can recover it. */
  readonly handle: JsonObject;
  /**
   * The lease was renewed. Without this for 10 s the engine ends its execution politely, after
   * 14 s by force, on its own clock: nothing may be alive when the lease can be claimed again.
   *
   * @param askedAt - `performance.now()` just before the renewal was sent to the database, so
   * that a worker frozen while it waited for the answer gains no time by it; default: now
   */
  leaseRenewed(askedAt?: number): void;
  /** Ends the execution: politely first, by force after the grace, or at once with `force`. */
  cancel(options: { force: boolean }): void;
  /**
   * Lets the execution stand still, or go on again; only where `capabilities.pause` is declared.
   *
   * @remarks
   * Resolves when that is confirmed, not when it was asked for. The lease goes on and is renewed.
   * A cancel of an execution that stands still works as always.
   */
  setPaused?(paused: boolean): Promise<void>;
  /** Settles when nothing of the execution is alive and all of its bytes were delivered. Never rejects. */
  readonly end: Promise<AttemptEnd>;
}

/**
 * How an attempt ended.
 *
 * @remarks
 * `stopped` is set when the engine had begun to end the execution before it ended: an exit
 * code that came after that is the answer to being stopped, not a result.
 *
 * @public
 */
export type AttemptEnd =
  | { kind: 'exited'; exitCode: number; stopped?: boolean }
  | { kind: 'signalled'; signal: string; stopped?: boolean }
  | { kind: 'failed'; message: string; stopped?: boolean }
  | { kind: 'lost'; message: string };

/** Lines of a log in the order in which they were read. @public */
export interface LogBatch {
  lines: readonly RawLogLine[];
  /**
   * Where the engine's own record stands after this batch; given back as `resumeFrom`.
   * Always grows.
   */
  position: number;
}

/** One line: at most 64 KiB of bytes, with its line end where it has one. @public */
export interface RawLogLine {
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
}

/**
 * What an execution says about itself; see "The runner protocol".
 *
 * @remarks
 * The `path` of an artifact is absolute and was checked to be a plain file inside the
 * attempt's artifacts folder when it was read.
 *
 * @public
 */
export type RunnerMessage =
  | {
      type: 'step';
      name: string;
      status: 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';
      message?: string;
    }
  | { type: 'progress'; progress: number; message?: string }
  | { type: 'output'; name: string; json: unknown }
  | { type: 'artifact'; path: string; name: string; mediaType?: string }
  | { type: 'metric'; name: string; value: number }
  | { type: 'summary'; text: string }
  /** Anything else that was well formed, kept as an event. */
  | { type: 'other'; body: JsonObject }
  /** Something to be told to the reader of the run: a malformed line, a limit that was met. */
  | { type: 'warning'; message: string };

/**
 * Where an engine delivers what an attempt says.
 *
 * @remarks
 * Each call resolves when the content is stored, and a caller that waits gives back-pressure to
 * the execution. Rejects when the lease is lost: then stop and deliver nothing more. The order
 * of calls is the order in which a reader sees them.
 *
 * @public
 */
export interface AttemptSink {
  log(batch: LogBatch): Promise<void>;
  /**
   * @param position - where the engine's own record stands after this message; grows from
   * message to message. After a recovery messages since the last stored log batch come again, and
   * are recognized by it. Absent for what the engine itself has to say.
   */
  message(message: RunnerMessage, position?: number): Promise<void>;
}
