import type { ReportRunRequestSchema } from '@millrace/backstage-plugin-pipelines-common';
import type { ReportStepsRequestSchema } from '@millrace/backstage-plugin-pipelines-common';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Lease } from '../runs';

/** Somebody who may report runs that are executed elsewhere, as configured. */
export interface Reporter {
  name: string;
  /** Subjects of services, such as `external:cron`, and entity refs of users. */
  subjects: readonly string[];
  /** The pipelines whose runs it may report; absent means every one. */
  pipelines?: readonly string[];
}

/** Names a run as its reporter does. */
export interface ForeignRunId {
  reporter: string;
  externalId: string;
}

/** A report, with whoever has sent it. */
export interface RunReport extends ForeignRunId {
  request: z.output<typeof ReportRunRequestSchema>;
  /** Who called, as events tell it. */
  caller: string;
}

/** All steps of a reported run. */
export interface StepsReport {
  runId: string;
  foreign: ForeignRunId;
  request: z.output<typeof ReportStepsRequestSchema>;
}

/** A reported run that others write to. */
export interface ForeignRun {
  runId: string;
  pipelineId: string;
  /** It is part of a run of ours, which writes its own steps, log and artifacts. */
  attached: boolean;
  /** What the services of logs and artifacts ask for; never over. */
  lease: Lease;
}

/** A file that is being received. */
export interface ReportedFile {
  name: string;
  mediaType?: string;
  /** What its bytes must hash to, in lower-case hex. */
  sha256?: string;
  source: Readable;
}
