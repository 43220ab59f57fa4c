import { ConflictError } from '@backstage/errors';
import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, describeState, lockRun, type RunRow } from '../../runs';
import type { RunActionRequest } from '../types';
import { PAUSED_MS } from './endAttempt';
import { NO_PAUSE_REQUEST } from './markPaused';
import { passTo } from './passTo';

/** Whether the engine of the pipeline can freeze what it executes. */
export type CanFreeze = (pipelineId: string) => boolean;

/**
 * Holds a queued run, makes one that can be frozen stand still, and writes down for any other
 * that its next attempt is to be held. Asking again changes nothing.
 *
 * @returns the state that the run is in now
 * @throws NotFoundError when there is no such run; ConflictError when it cannot be paused
 */
export async function requestPause(
  options: RunActionRequest & { trx: Knex.Transaction; canFreeze: CanFreeze },
): Promise<RunState> {
  const { trx, runId, by, reason, bulkId, canFreeze } = options;
  const run = await lockRun(trx, runId);
  assertGoesOn(run, 'paused');
  const isAsked = run.pause_requested_at !== null;
  const freezes =
    RUN_TRANSITIONS[run.state].includes('pausing') &&
    canFreeze(run.pipeline_id);
  if (isAsked && !freezes) {
    return run.state;
  }
  const columns = isAsked
    ? {}
    : {
        pause_requested_at: trx.raw('clock_timestamp()'),
        pause_requested_by: by,
        pause_reason: reason ?? null,
      };
  const event = {
    name: run.state === 'queued' ? 'held' : 'pause-requested',
    actor: by,
    reason,
    details: bulkId ? { bulkId } : undefined,
  };
  if (freezes) {
    await passTo({ trx, run, to: 'pausing', columns, ...event });
    return 'pausing';
  }
  await trx('runs').where({ id: runId }).update(columns);
  await appendEvent(trx, {
    runId,
    kind: 'action',
    attempt: run.attempt || undefined,
    ...event,
  });
  return run.state;
}

/**
 * Lets a paused run go on, or lets go of a held one. Asking again changes nothing.
 *
 * @returns the state that the run is in now
 * @throws NotFoundError when there is no such run; ConflictError when it cannot be resumed
 */
export async function requestResume(
  options: RunActionRequest & { trx: Knex.Transaction },
): Promise<RunState> {
  const { trx, runId, by, reason, bulkId } = options;
  const run = await lockRun(trx, runId);
  assertGoesOn(run, 'resumed');
  if (run.state === 'pausing') {
    throw new ConflictError(
      `Run '${runId}' is being paused, as ${
        run.pause_requested_by
      } asked at ${run.pause_requested_at?.toISOString()}; resume it when it stands still`,
    );
  }
  if (run.pause_requested_at === null) {
    return run.state;
  }
  const event = {
    name: 'resumed',
    actor: by,
    reason,
    details: bulkId ? { bulkId } : undefined,
  };
  if (run.state === 'paused') {
    await passTo({
      trx,
      run,
      to: 'running',
      columns: {
        ...NO_PAUSE_REQUEST,
        paused_ms: trx.raw(PAUSED_MS),
        paused_at: null,
      },
      ...event,
    });
    return 'running';
  }
  await trx('runs').where({ id: runId }).update(NO_PAUSE_REQUEST);
  await appendEvent(trx, {
    runId,
    kind: 'action',
    attempt: run.attempt || undefined,
    ...event,
  });
  return run.state;
}

function assertGoesOn(run: RunRow, done: 'paused' | 'resumed'): void {
  if (run.origin !== 'own') {
    throw new ConflictError(
      `Run '${run.id}' is executed elsewhere, so it cannot be ${done} here`,
    );
  }
  const canGoOn = RUN_TRANSITIONS[run.state].some(
    next => !isTerminalRunState(next),
  );
  if (!canGoOn) {
    throw new ConflictError(
      `Run '${run.id}' ${describeState(run)}, so it cannot be ${done}`,
    );
  }
}
