import type {
  RetryRunRequestSchema,
  RunState,
  RunTrigger,
  SubmitRunRequestSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import type { z } from 'zod';
import type { SealedParameters } from '../secrets';

/**
 * The time-limited right of one worker to act for one attempt of a run.
 *
 * @remarks
 * Every write of a worker carries it, and a write whose lease is over changes nothing and
 * rejects with {@link LeaseLostError}.
 */
export interface Lease {
  runId: string;
  pipelineId: string;
  attempt: number;
  /** New for each claim. */
  token: string;
}

/** The lease is over: somebody else may act for the run, so stop and write nothing more. */
export class LeaseLostError extends Error {
  constructor(lease: Lease) {
    super(
      `The lease of attempt ${lease.attempt} of run '${lease.runId}' is over`,
    );
    this.name = 'LeaseLostError';
  }
}

/** Who does something: an entity ref, or `service:…`, `schedule:…`, `worker:…`, `system:…`. */
export type Actor = string;

/** Takes the secrets out of parameters, and puts them back. */
export type SecretParameters = Pick<
  SealedParameters,
  'seal' | 'open' | 'merge'
>;

/** What a retry changes of the run that is retried; what is absent stays. */
export type RetryRequest = z.output<typeof RetryRunRequestSchema>;

/** A run to be submitted, and by whom. */
export interface SubmitRunOptions {
  request: z.output<typeof SubmitRunRequestSchema>;
  actor: Actor;
  trigger: RunTrigger;
  /** Makes the submit repeatable: the same key and request make one run. */
  idempotencyKey?: string;
  /** Set when it is an earlier run once more. */
  retry?: {
    runId: string;
    /** What was asked for, by which a repeated request is known. */
    request: RetryRequest;
    /** The step that it begins at; default the first. */
    fromStep?: string;
  };
  /** Why, for the event. */
  reason?: string;
  /** The bulk action that it is part of. */
  bulkId?: string;
}

/** What somebody does to a run, as its event tells it. */
export interface RunAction<TRequest> {
  runId: string;
  request: TRequest;
  actor: Actor;
  reason?: string;
  /** The bulk action that it is part of. */
  bulkId?: string;
}

/** A row of the table `runs`. */
export interface RunRow {
  id: string;
  pipeline_id: string;
  origin: 'own' | 'reported' | 'imported';
  trigger: string;
  state: RunState;
  state_changed_at: Date;
  title: string;
  parameters: Record<string, unknown>;
  labels: Record<string, string>;
  priority: number;
  note: string | null;
  pipeline_version: string | null;
  submitted_by: string;
  retry_of: string | null;
  queued_at: Date;
  run_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  attempt: number;
  max_attempts: number;
  lease_token: string | null;
  lease_owner: string | null;
  lease_expires_at: Date | null;
  heartbeat_at: Date | null;
  cancel_requested_at: Date | null;
  cancel_requested_by: string | null;
  cancel_reason: string | null;
  cancel_force: boolean;
  pause_requested_at: Date | null;
  pause_requested_by: string | null;
  pause_reason: string | null;
  paused_at: Date | null;
  /** A bigint, so text. */
  paused_ms: string;
  resume_from: string | null;
  concurrency_key: string | null;
  queue_deadline: Date | null;
  settings_revision: number;
  worker_deaths: number;
  quarantined_at: Date | null;
  progress: number | null;
  progress_message: string | null;
  current_step: string | null;
  error_kind: string | null;
  error_message: string | null;
  error_step: string | null;
  exit_code: number | null;
  exit_signal: string | null;
  summary: string | null;
  log_removed_at: Date | null;
  artifacts_removed_at: Date | null;
  /** Who reports it; only of a run that is executed elsewhere. */
  reporter: string | null;
  foreign_state: string | null;
  last_report_at: Date | null;
  event_seq: number;
}
