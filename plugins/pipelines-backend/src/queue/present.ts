import type { Worker } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineSet } from '../permissions';
import type { WorkerRow } from './operations/listWorkers';

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
  };
}

function stateOf(row: WorkerRow): Worker['state'] {
  if (row.is_silent) {
    return 'silent';
  }
  return row.stopping_at ? 'stopping' : 'active';
}
