import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, cleanText, type Actor, type RunRow } from '../../runs';
import { passTo } from './passTo';

const MAX_MESSAGE_LENGTH = 2_000;

/** What is left of a request to pause when it is over. */
export const NO_PAUSE_REQUEST = {
  pause_requested_at: null,
  pause_requested_by: null,
  pause_reason: null,
} as const;

/**
 * Says that the execution stands still; the caller has locked the run and checked its lease.
 *
 * @returns the state that the run is in now
 */
export async function markPaused(options: {
  trx: Knex.Transaction;
  run: RunRow;
  actor: Actor;
}): Promise<RunState> {
  const { trx, run, actor } = options;
  if (run.state !== 'pausing') {
    return run.state;
  }
  await passTo({
    trx,
    run,
    to: 'paused',
    name: 'paused',
    actor,
    columns: { paused_at: trx.raw('clock_timestamp()') },
  });
  return 'paused';
}

/**
 * Says that the execution could not be made to stand still; the caller has locked the run and
 * checked its lease.
 *
 * @returns the state that the run is in now
 */
export async function pauseFailed(options: {
  trx: Knex.Transaction;
  run: RunRow;
  actor: Actor;
  message: string;
}): Promise<RunState> {
  const { trx, run, actor } = options;
  if (run.state !== 'pausing') {
    return run.state;
  }
  await passTo({
    trx,
    run,
    to: 'running',
    name: 'resumed',
    actor,
    columns: NO_PAUSE_REQUEST,
  });
  await appendEvent(trx, {
    runId: run.id,
    kind: 'warning',
    name: 'pause-failed',
    attempt: run.attempt,
    actor,
    reason: cleanText(options.message, MAX_MESSAGE_LENGTH),
  });
  return 'running';
}
