import type { JsonObject } from '@backstage/types';
import type { RunTrigger } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Actor } from '../types';

/** A run to be queued. */
export interface NewRun {
  id: string;
  pipelineId: string;
  trigger: RunTrigger;
  title: string;
  /** Without secrets. */
  parameters: JsonObject;
  /** The secret parameters, encrypted. */
  sealed?: Buffer;
  labels: Readonly<Record<string, string>>;
  priority: number;
  note?: string;
  pipelineVersion?: string;
  /** The newest revision of the pipeline's settings. */
  settingsRevision: number;
  /** What it shares with the runs that it may not be executed beside. */
  concurrencyKey?: string;
  submittedBy: Actor;
  /** Earliest start; default now, and never earlier, because the earliest is claimed first. */
  runAt?: Date;
  /** How long it may wait from its start time on, in ms; default for ever. */
  queueTimeoutMs?: number;
  maxAttempts: number;
  /** The run that it is once more. */
  retryOf?: string;
  /** The step that it begins at. */
  resumeFrom?: string;
  /** Why, for its first event. */
  reason?: string;
  /** More about its first event. */
  details?: { retryOf?: string; bulkId?: string };
  /** Makes the submit repeatable. */
  key?: { key: string; requestHash: string };
}

/** The primary key of `run_keys`, which a second submit with the same key violates. */
export const RUN_KEYS_CONSTRAINT = 'run_keys_pkey';

/** Writes the run, its secrets, its first event and its idempotency key, all in one statement. */
export async function insertRun(options: {
  knex: Knex;
  run: NewRun;
}): Promise<void> {
  const { knex, run } = options;
  await knex.raw(
    `with inserted as (
       insert into runs (id, pipeline_id, trigger, state, title, parameters, labels, priority, note,
         pipeline_version, settings_revision, concurrency_key, submitted_by, run_at, queue_deadline,
         max_attempts, retry_of, resume_from, event_seq)
       values (:id, :pipelineId, :trigger, 'queued', :title, :parameters, :labels, :priority, :note,
         :pipelineVersion, :settingsRevision, :concurrencyKey, :submittedBy,
         greatest(:runAt::timestamptz, now()),
         greatest(:runAt::timestamptz, now()) + :queueTimeoutMs::bigint * interval '1 millisecond',
         :maxAttempts, :retryOf, :resumeFrom, 1)
       returning id, pipeline_id, submitted_by),
     sealed as (
       insert into run_secrets (run_id, sealed)
       select id, :sealed::bytea from inserted where :sealed::bytea is not null),
     recorded as (
       insert into run_events (run_id, seq, kind, name, to_state, actor, reason, details)
       select id, 1, 'transition', 'submitted', 'queued', submitted_by, :reason, :details from inserted)
     insert into run_keys (pipeline_id, principal, key, request_hash, run_id)
     select pipeline_id, submitted_by, :key, :requestHash, id from inserted
      where :key::text is not null`,
    {
      id: run.id,
      pipelineId: run.pipelineId,
      trigger: run.trigger,
      title: run.title,
      parameters: JSON.stringify(run.parameters),
      labels: JSON.stringify(run.labels),
      priority: run.priority,
      note: run.note ?? null,
      pipelineVersion: run.pipelineVersion ?? null,
      settingsRevision: run.settingsRevision,
      concurrencyKey: run.concurrencyKey ?? null,
      submittedBy: run.submittedBy,
      runAt: run.runAt ?? null,
      queueTimeoutMs: run.queueTimeoutMs ?? null,
      maxAttempts: run.maxAttempts,
      retryOf: run.retryOf ?? null,
      resumeFrom: run.resumeFrom ?? null,
      sealed: run.sealed ?? null,
      reason: run.reason ?? null,
      details: run.details ? JSON.stringify(run.details) : null,
      key: run.key?.key ?? null,
      requestHash: run.key?.requestHash ?? null,
    },
  );
}
