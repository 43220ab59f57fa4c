import type {
  Bulk,
  BulkItem,
  BulkPreview,
} from '@millrace/backstage-plugin-pipelines-common';
import type {
  BulkCounts,
  BulkItemRow,
  BulkRequest,
  BulkRow,
  ResolvedRuns,
} from './types';

/** Runs that are shown as examples. */
const EXAMPLES = 5;

/** What a bulk action would do, the commonest reason for leaving out runs first. */
export function presentPreview(
  request: BulkRequest,
  resolved: ResolvedRuns,
): BulkPreview {
  return {
    action: request.action,
    matches: resolved.matches,
    count: resolved.items.length,
    skipped: [...resolved.skipped]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason)),
    examples: resolved.items
      .slice(0, EXAMPLES)
      .map(({ id, title, state }) => ({ id, title, state })),
  };
}

/** A bulk action on the wire. */
export function presentBulk(row: BulkRow, counts: BulkCounts): Bulk {
  const { action, total, reason, filter } = row.parameters;
  return {
    id: row.id,
    state: row.state,
    action,
    submittedBy: row.submitted_by,
    ...(reason && { reason }),
    ...(filter && { filter }),
    queuedAt: row.queued_at.toISOString(),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
    total,
    counts,
  };
}

/** What became of one run, on the wire. */
export function presentItem(row: BulkItemRow): BulkItem {
  return {
    runId: row.run_id,
    title: row.title,
    state: row.state,
    ...(row.message !== null && { message: row.message }),
    ...(row.new_run_id !== null && { newRunId: row.new_run_id }),
  };
}
