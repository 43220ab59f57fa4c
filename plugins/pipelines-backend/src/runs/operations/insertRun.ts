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
  parameters: JsonObject;
  labels: Readonly<Record<string, string>>;
  priority: number;
  note?: string;
  pipelineVersion?: string;
  submittedBy: Actor;
  /** Earliest start; default now, and never earlier, because the earliest is claimed first. */
  runAt?: Date;
  maxAttempts: number;
  /** Makes the submit repeatable. */
  key?: { key: string; requestHash: string };
}

/** The primary key of `run_keys`, which a second submit with the same key violates. */
export const RUN_KEYS_CONSTRAINT = 'run_keys_pkey';

/** Writes the run, its first event and its idempotency key, all in one statement. */
export async function insertRun(options: {
  knex: Knex;
  run: NewRun;
}): Promise<void> {
  const { knex, run } = options;
  await knex.raw(
    `with inserted as (
       insert into runs (id, pipeline_id, trigger, state, title, parameters, labels, priority, note,
         pipeline_version, submitted_by, run_at, max_attempts, event_seq)
       values (:id, :pipelineId, :trigger, 'queued', :title, :parameters, :labels, :priority, :note,
         :pipelineVersion, :submittedBy, greatest(:runAt::timestamptz, now()), :maxAttempts, 1)
       returning id, pipeline_id, submitted_by),
     recorded as (
       insert into run_events (run_id, seq, kind, name, to_state, actor)
       select id, 1, 'transition', 'submitted', 'queued', submitted_by from inserted)
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
      submittedBy: run.submittedBy,
      runAt: run.runAt ?? null,
      maxAttempts: run.maxAttempts,
      key: run.key?.key ?? null,
      requestHash: run.key?.requestHash ?? null,
    },
  );
}
