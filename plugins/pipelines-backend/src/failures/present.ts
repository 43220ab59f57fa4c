import type {
  Failure,
  FailureActivity,
  FailureEvent,
  FailurePipeline,
  FailureStanding,
  RunError,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FailureEventRow } from './operations/readGroup';
import type { FailurePipelineRow, SpanRow } from './operations/readOccurrences';
import type { FailureGroupRow, FailurePeriod } from './types';

/** How a failure stands, on the wire. */
export function presentStanding(row: FailureGroupRow): FailureStanding {
  return {
    fingerprint: row.fingerprint,
    state: row.state,
    ...(row.ignored_until && { ignoredUntil: row.ignored_until.toISOString() }),
    ...(row.ignored_count !== null && { ignoredCount: row.ignored_count }),
    ...(row.changed_at && { changedAt: row.changed_at.toISOString() }),
    ...(row.changed_by !== null && { changedBy: row.changed_by }),
  };
}

/**
 * A failure on the wire.
 *
 * @param pipelines - its own, at least one
 * @param spans - its own
 */
export function presentFailure(
  row: FailureGroupRow,
  pipelines: readonly FailurePipelineRow[],
  spans: readonly SpanRow[],
  period: FailurePeriod,
): Failure {
  const [{ group_first_seen, group_last_seen, group_pipelines }] = pipelines;
  const activity = presentActivity(spans, period);
  return {
    ...presentStanding(row),
    kind: row.kind as RunError['kind'],
    ...(row.step !== null && { step: row.step }),
    template: row.template,
    firstSeenAt: group_first_seen.toISOString(),
    lastSeenAt: group_last_seen.toISOString(),
    occurrences: activity.counts.reduce((sum, count) => sum + count, 0),
    pipelines: pipelines.map(presentPipeline),
    pipelineCount: group_pipelines,
    activity,
  };
}

/** An event on the wire. */
export function presentFailureEvent(row: FailureEventRow): FailureEvent {
  return {
    at: row.at.toISOString(),
    name: row.name as FailureEvent['name'],
    actor: row.actor,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.until && { until: row.until.toISOString() }),
    ...(row.count !== null && { count: row.count }),
    ...(row.run_id !== null && { runId: row.run_id }),
  };
}

function presentPipeline(row: FailurePipelineRow): FailurePipeline {
  return {
    id: row.pipeline_id,
    title: row.title,
    ...(row.owner_ref !== null && { owner: row.owner_ref }),
    occurrences: row.occurrences,
    lastSeenAt: row.last_seen.toISOString(),
  };
}

function presentActivity(
  spans: readonly SpanRow[],
  { start, hours, spans: length }: FailurePeriod,
): FailureActivity {
  const counts = new Array<number>(length).fill(0);
  for (const { span, runs } of spans) {
    // An hour that began since the period was cut belongs to its last span.
    counts[Math.min(span, length - 1)] += runs;
  }
  return { from: start.toISOString(), hours, counts };
}
