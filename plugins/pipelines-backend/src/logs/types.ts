import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  RunDetail,
  RunEventsResponse,
  RunStep,
} from '@millrace/backstage-plugin-pipelines-common';

/** The two streams of a program's output, in the order of `stream_lines`. */
export const LOG_STREAMS = ['stdout', 'stderr'] as const;

/** One of {@link LOG_STREAMS}. */
export type LogStream = (typeof LOG_STREAMS)[number];

/** Names one attempt, and so one log. */
export interface AttemptId {
  runId: string;
  attempt: number;
}

/** Lines that are stored as one row, at most 64 KiB and 1,024 lines. */
export interface ChunkDraft {
  data: Buffer;
  lineCount: number;
  /** Numbers of consecutive lines, alternately of stdout and stderr, beginning with stdout. */
  streamLines: number[];
  /** Offsets at which a line ends without a line feed. */
  lineCuts: number[];
  /** How the last line of each stream before this chunk ended; see `LineEnds`. */
  carried: number;
}

/** A stored chunk. */
export interface LogChunk extends ChunkDraft {
  chunkNo: number;
  firstLine: number;
  /** Bytes of the log before this chunk. */
  byteStart: number;
  storedAt: Date;
}

/** How much of an attempt's log is stored. */
export interface AttemptLog {
  attempt: number;
  lines: number;
  bytes: number;
  chunks: number;
  truncated: boolean;
  /** The attempt is over, so nothing more will come. */
  complete: boolean;
}

/** What reading a log needs of the room `runs`: whether the caller may see the run. */
export interface ReadableRuns {
  /** @throws NotFoundError when there is no such run or the caller may not see it */
  getRun(
    runId: string,
    options: { credentials: BackstageCredentials },
  ): Promise<RunDetail>;
  /** @throws NotFoundError when there is no such run or the caller may not see it */
  identifyRun(
    runId: string,
    options: { credentials: BackstageCredentials },
  ): Promise<{ id: string; pipelineId: string; attempt: number }>;
  /** The steps of an attempt, in order. */
  listSteps(
    runId: string,
    query: { attempt?: number },
    options: { credentials: BackstageCredentials },
  ): Promise<RunStep[]>;
}

/** What streams need of the room `runs`; rights were checked before. */
export interface StreamedRuns {
  /** @throws NotFoundError when there is no such run */
  getRun(runId: string): Promise<RunDetail>;
  listSteps(runId: string, attempt: number): Promise<RunStep[]>;
  /** Newest first. */
  listEvents(
    runId: string,
    query: { limit: number },
  ): Promise<RunEventsResponse>;
}
