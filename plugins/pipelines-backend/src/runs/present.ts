import type {
  EngineCapabilities,
  ParameterSet,
  Run,
  RunAttempt,
  RunDetail,
  RunError,
  RunEvent,
  RunNeighbour,
  RunOutput,
  RunStep,
  Waiting,
} from '@millrace/backstage-plugin-pipelines-common';
import { MASK } from '../secrets';
import type { RunAttemptRow } from './operations/listAttempts';
import type { RunEventRow } from './operations/listEvents';
import type { RunOutputRow } from './operations/listOutputs';
import type { ParameterSetRow } from './operations/listParameterSets';
import type { RunListRow } from './operations/listRuns';
import type { RunStepRow } from './operations/listSteps';
import type { RunDetailRow } from './operations/readRun';

function iso(date: Date | null): string | undefined {
  return date?.toISOString();
}

/** The fields that have a value: what is absent is left out on the wire. */
function defined<TFields extends object>(fields: TFields): TFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as TFields;
}

/** A run as lists show it. */
export function presentRun(row: RunListRow): Run {
  return defined({
    id: row.id,
    pipelineId: row.pipeline_id,
    title: row.title,
    state: row.state,
    origin: row.origin,
    trigger: row.trigger as Run['trigger'],
    submittedBy: row.submitted_by,
    labels: row.labels,
    priority: row.priority,
    note: row.note ?? undefined,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    queuedAt: row.queued_at.toISOString(),
    runAt: row.run_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    stateChangedAt: row.state_changed_at.toISOString(),
    progress: row.progress ?? undefined,
    progressMessage: row.progress_message ?? undefined,
    currentStep: row.current_step ?? undefined,
    error: presentError(row),
    summary: row.summary ?? undefined,
    cancelRequest: presentCancelRequest(row),
    pauseRequest: presentPauseRequest(row),
    pausedMs: Number(row.paused_ms) || undefined,
    retryOf: row.retry_of ?? undefined,
    resumedFrom: row.resume_from ?? undefined,
    quarantinedAt: iso(row.quarantined_at),
    workerId: row.lease_owner ?? undefined,
    reporter: row.reporter ?? undefined,
    foreignState: row.foreign_state ?? undefined,
    lastReportAt: iso(row.last_report_at),
    pipelineVersion: row.pipeline_version ?? undefined,
  });
}

function presentError(row: RunListRow): RunError | undefined {
  if (row.error_kind === null) {
    return undefined;
  }
  return defined({
    kind: row.error_kind as RunError['kind'],
    message: row.error_message ?? '',
    step: row.error_step ?? undefined,
    exitCode: row.exit_code ?? undefined,
    signal: row.exit_signal ?? undefined,
  });
}

function presentPauseRequest(row: RunListRow): Run['pauseRequest'] {
  if (!row.pause_requested_at || row.pause_requested_by === null) {
    return undefined;
  }
  return defined({
    at: row.pause_requested_at.toISOString(),
    by: row.pause_requested_by,
    reason: row.pause_reason ?? undefined,
  });
}

function presentCancelRequest(row: RunListRow): Run['cancelRequest'] {
  if (!row.cancel_requested_at || row.cancel_requested_by === null) {
    return undefined;
  }
  return defined({
    at: row.cancel_requested_at.toISOString(),
    by: row.cancel_requested_by,
    reason: row.cancel_reason ?? undefined,
    force: row.cancel_force,
  });
}

/** What the page of a run says of the one before or after it. */
export function presentNeighbour(
  row: Pick<RunListRow, 'id' | 'title' | 'state'>,
): RunNeighbour {
  const { id, title, state } = row;
  return { id, title, state };
}

/** A run as its page shows it. */
export function presentRunDetail(
  row: RunDetailRow,
  pipeline: {
    title: string;
    owner?: string;
    entity?: string;
    stopGraceMs: number;
    capabilities?: EngineCapabilities;
    resumableFrom?: string;
    waiting?: Waiting;
  },
): RunDetail {
  return defined({
    ...presentRun(row),
    parameters: row.parameters,
    capabilities: pipeline.capabilities,
    resumableFrom: pipeline.resumableFrom,
    waiting: pipeline.waiting,
    pipelineTitle: pipeline.title,
    owner: pipeline.owner,
    entity: pipeline.entity,
    metrics: Object.entries(row.metrics ?? {})
      .map(([name, { value, at }]) => ({
        name,
        value,
        at: new Date(at).toISOString(),
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    stopGraceSeconds: pipeline.stopGraceMs / 1_000,
    logRemovedAt: row.log_removed_at?.toISOString(),
    artifactsRemovedAt: row.artifacts_removed_at?.toISOString(),
  });
}

/** A set of parameters on the wire, without the secrets that nobody can read. */
export function presentParameterSet(row: ParameterSetRow): ParameterSet {
  return {
    runId: row.id,
    title: row.title,
    submittedBy: row.submitted_by,
    queuedAt: row.queued_at.toISOString(),
    parameters: withoutMasked(row.parameters),
    labels: row.labels,
  };
}

function withoutMasked(
  parameters: Record<string, unknown>,
): Record<string, unknown> {
  return JSON.parse(JSON.stringify(parameters), (_key, value: unknown) =>
    value === MASK ? undefined : value,
  );
}

/** An attempt on the wire. */
export function presentAttempt(row: RunAttemptRow): RunAttempt {
  return defined({
    attempt: row.attempt,
    state: row.state,
    reason: row.reason ?? undefined,
    workerId: row.worker_id,
    host: row.host,
    claimedAt: row.claimed_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    exitCode: row.exit_code ?? undefined,
    signal: row.exit_signal ?? undefined,
    logLines: Number(row.log_lines),
    logBytes: Number(row.log_bytes),
  });
}

/** A step on the wire. */
export function presentStep(row: RunStepRow): RunStep {
  return defined({
    attempt: row.attempt,
    position: row.position,
    name: row.name,
    state: row.state,
    message: row.message ?? undefined,
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    firstLine: row.first_line === null ? undefined : Number(row.first_line),
    endLine: row.end_line === null ? undefined : Number(row.end_line),
  });
}

/** An event on the wire. */
export function presentEvent(row: RunEventRow): RunEvent {
  return defined({
    seq: row.seq,
    at: row.at.toISOString(),
    kind: row.kind,
    name: row.name,
    from: row.from_state ?? undefined,
    to: row.to_state ?? undefined,
    attempt: row.attempt ?? undefined,
    actor: row.actor,
    reason: row.reason ?? undefined,
    details: row.details === null ? undefined : JSON.parse(row.details),
  });
}

/** An output on the wire. */
export function presentOutput(row: RunOutputRow): RunOutput {
  return {
    attempt: row.attempt,
    name: row.name,
    json: JSON.parse(row.json),
    createdAt: row.created_at.toISOString(),
  };
}
