import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { appendEvent } from '../../runs';
import { attemptStateOf, type ReportedFacts } from '../reportedFacts';
import type { ForeignRunId } from '../types';
import { insertForeignRun } from './insertForeignRun';

/** A run that was reported for the first time. */
export interface NewReportedRun extends ForeignRunId {
  id: string;
  pipelineId: string;
  pipelineVersion?: string;
  title: string;
  parameters: Record<string, unknown>;
  labels: Record<string, string>;
  /** The machine that executes it; empty when nobody said. */
  host: string;
  facts: ReportedFacts;
  /** The state in the reporter's words. */
  word: string;
  sequence?: number;
  caller: string;
}

/**
 * Writes the run with its only attempt, from whose token the log and the artifacts hang, and its
 * first event.
 */
export async function createReportedRun(
  trx: Knex.Transaction,
  run: NewReportedRun,
): Promise<void> {
  const { id, reporter, externalId, facts } = run;
  const actor = `reporter:${reporter}`;
  await trx('runs').insert({
    ...facts,
    id,
    pipeline_id: run.pipelineId,
    pipeline_version: run.pipelineVersion ?? null,
    origin: 'reported',
    trigger: 'outside',
    title: run.title,
    parameters: JSON.stringify(run.parameters),
    labels: JSON.stringify(run.labels),
    submitted_by: actor,
    reporter,
    run_at: facts.queued_at,
    attempt: 1,
    last_report_at: trx.raw('clock_timestamp()'),
  });
  await trx('run_attempts').insert({
    run_id: id,
    attempt: 1,
    state: attemptStateOf(facts.state),
    reason: facts.error_message,
    lease_token: randomUUID(),
    worker_id: reporter,
    host: run.host,
    boot_id: '',
    claimed_at: facts.queued_at,
    started_at: facts.started_at,
    finished_at: facts.finished_at,
    exit_code: facts.exit_code,
    exit_signal: facts.exit_signal,
  });
  await insertForeignRun(trx, {
    reporter,
    externalId,
    runId: id,
    attached: false,
    word: run.word,
    sequence: run.sequence,
  });
  await appendEvent(trx, {
    runId: id,
    kind: 'transition',
    name: 'reported',
    to: facts.state,
    attempt: 1,
    actor,
    details: { externalId, caller: run.caller },
  });
  await trx.raw(
    `select pg_notify('millrace', json_build_object('kind', 'state', 'runId', :id::uuid, 'state', :state::text)::text)`,
    { id, state: facts.state },
  );
}
