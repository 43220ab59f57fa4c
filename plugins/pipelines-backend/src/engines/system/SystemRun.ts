import type {
  AttemptContext,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import type { JsonObject } from '@backstage/types';

/** What a built-in pipeline is given, and how it speaks about itself. */
export interface SystemRun {
  readonly runId: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly pipelineId: string;
  readonly parameters: JsonObject;
  /** Set when the run begins at a step; see {@link AttemptContext.resume}. */
  readonly resume?: AttemptContext['resume'];
  /** Aborted on cancel and when the lease is lost: stop then, and leave nothing behind. */
  readonly signal: AbortSignal;
  /** Folder for files that are reported with {@link SystemRun.artifact}. */
  readonly artifactsFolder: string;
  /** Adds text to the log, with a line end where it has none. Resolves when it is stored. */
  log(text: string, stream?: 'stdout' | 'stderr'): Promise<void>;
  /** Says anything else about the run. Resolves when it is stored. */
  report(message: Exclude<RunnerMessage, { type: 'artifact' }>): Promise<void>;
  /** Reports a file in {@link SystemRun.artifactsFolder}. Resolves when it is stored. */
  artifact(file: {
    path: string;
    name?: string;
    mediaType?: string;
  }): Promise<void>;
}

/** A built-in pipeline: resolves when it succeeded, throws with the reason when it failed. */
export type SystemHandler = (run: SystemRun) => Promise<void>;
