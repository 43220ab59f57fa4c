import { ConflictError } from '@backstage/errors';
import {
  isTerminalRunState,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, describeState, lockRun, type RunRow } from '../../runs';
import type { RunActionRequest } from '../types';
import { PAUSED_MS } from './endAttempt';
import { NO_PAUSE_REQUEST } from './markPaused';

/**
 * Cancels a queued run, or writes down that an active one shall be cancelled.
 *
 * @remarks
 * Asking again changes nothing but is recorded; `force` is kept once it was asked for. A pause is
 * over then: what stands still has to move to end.
 *
 * @returns the state that the run is in now
 * @throws NotFoundError when there is no such run; ConflictError when it ended otherwise
 */
export async function requestCancel(
  options: RunActionRequest & { trx: Knex.Transaction; force: boolean },
): Promise<RunState> {
  const { trx, runId, by, reason, bulkId, force } = options;
  const run = await lockRun(trx, runId);
  assertCancellable(run);
  if (run.state === 'cancelled') {
    return 'cancelled';
  }
  const to = run.state === 'queued' ? 'cancelled' : 'cancelling';
  const isFirst = run.cancel_requested_at === null;
  await trx('runs')
    .where({ id: runId })
    .update({
      state: to,
      cancel_force: run.cancel_force || force,
      ...NO_PAUSE_REQUEST,
      paused_ms: trx.raw(PAUSED_MS),
      paused_at: null,
      ...(isFirst && {
        cancel_requested_at: trx.raw('clock_timestamp()'),
        cancel_requested_by: by,
        cancel_reason: reason ?? null,
      }),
      ...(to === 'cancelled' && {
        finished_at: trx.raw('clock_timestamp()'),
      }),
    });
  await appendEvent(trx, {
    runId,
    name: to === 'cancelled' ? 'cancelled' : 'cancel-requested',
    ...(run.state === to
      ? { kind: 'action' }
      : { kind: 'transition', from: run.state, to }),
    attempt: run.attempt || undefined,
    actor: by,
    reason,
    details: force || bulkId ? { ...(force && { force }), bulkId } : undefined,
  });
  return to;
}

function assertCancellable(run: RunRow): void {
  if (run.origin !== 'own') {
    throw new ConflictError(
      `Run '${run.id}' is executed elsewhere, so it cannot be cancelled here`,
    );
  }
  if (run.state !== 'cancelled' && isTerminalRunState(run.state)) {
    throw new ConflictError(
      `Run '${run.id}' ${describeState(run)}, so it cannot be cancelled`,
    );
  }
}
