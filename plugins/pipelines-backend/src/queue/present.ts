import type {
  PipelineQueue,
  Queue,
  QueuedRun,
  Waiting,
  Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineSet } from '../permissions';
import { presentRun } from '../runs';
import type { QueuedRunRow } from './operations/listQueuedRuns';
import type { WorkerRow } from './operations/listWorkers';
import type { PipelineQueueRow, QueueRow } from './operations/readQueue';
import type { WaitingRow } from './operations/waiting';
import type { QueuePauses } from './types';

/** A worker on the wire, with those of its runs that the caller may see. */
export function presentWorker(row: WorkerRow, readable: PipelineSet): Worker {
  return {
    id: row.id,
    host: row.host,
    state: stateOf(row),
    slots: row.slots,
    runIds: row.held
      .filter(
        ({ pipelineId }) => readable === 'all' || readable.includes(pipelineId),
      )
      .map(({ runId }) => runId),
    busySlots: row.held.length,
    version: row.version,
    startedAt: row.started_at.toISOString(),
    heartbeatAt: row.heartbeat_at.toISOString(),
    ...(row.drained_at !== null &&
      row.drained_by !== null && {
        drained: { by: row.drained_by, at: row.drained_at.toISOString() },
      }),
  };
}

function stateOf(row: WorkerRow): Worker['state'] {
  if (row.is_silent) {
    return 'silent';
  }
  if (row.stopping_at) {
    return 'stopping';
  }
  return row.drained_at ? 'draining' : 'active';
}

/** Why a queued run has not started, on the wire. */
export function presentWaiting(row: WaitingRow): Waiting {
  return {
    reason: row.waiting_reason,
    ...(row.waiting_until && { until: row.waiting_until.toISOString() }),
    ...(row.waiting_active !== null && { active: row.waiting_active }),
    ...(row.waiting_max !== null && { max: row.waiting_max }),
    ...(row.waiting_key !== null && { key: row.waiting_key }),
    ...(row.waiting_by !== null && { by: row.waiting_by }),
    ...(row.waiting_since && { since: row.waiting_since.toISOString() }),
    ...(row.waiting_pause_reason && { pauseReason: row.waiting_pause_reason }),
  };
}

/** A queued run with its place among those that the caller may see. */
export function presentQueuedRun(
  row: QueuedRunRow,
  position: number,
): QueuedRun {
  return { run: presentRun(row), position, waiting: presentWaiting(row) };
}

/**
 * How the queue stands, on the wire; our own pipelines count, but are not named.
 *
 * @param internalIds - our own pipelines
 */
export function presentQueue(
  whole: QueueRow,
  rows: readonly PipelineQueueRow[],
  pauses: QueuePauses,
  internalIds: readonly string[],
): Queue {
  const sum = (field: 'queued' | 'due' | 'running') =>
    rows.reduce((total, row) => total + row[field], 0);
  const waits = rows
    .map(row => row.oldest_wait_ms)
    .filter(wait => wait !== null);
  return {
    asOf: whole.as_of.toISOString(),
    ...(pauses.queue && { paused: pauses.queue }),
    queued: sum('queued'),
    due: sum('due'),
    running: sum('running'),
    slots: whole.slots,
    ...(whole.max !== null && { limit: whole.max }),
    ...(waits.length > 0 && { oldestWaitMs: Math.max(...waits) }),
    startedLastMinute: whole.started_last_minute,
    pipelines: rows
      .filter(row => !internalIds.includes(row.pipeline_id))
      .map(row => presentPipelineQueue(row, pauses)),
  };
}

function presentPipelineQueue(
  row: PipelineQueueRow,
  pauses: QueuePauses,
): PipelineQueue {
  const paused = pauses.pipelines.get(row.pipeline_id);
  return {
    pipelineId: row.pipeline_id,
    title: row.title,
    ...(row.owner_ref !== null && { owner: row.owner_ref }),
    queued: row.queued,
    due: row.due,
    running: row.running,
    ...(row.max !== null && { limit: row.max }),
    ...(paused && { paused }),
  };
}
