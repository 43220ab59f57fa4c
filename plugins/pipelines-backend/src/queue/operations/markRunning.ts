import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { Actor, RunRow } from '../../runs';
import { passTo } from './passTo';

/**
 * Says that the execution of an attempt is there, and how to find it again.
 *
 * @remarks
 * The caller has locked the run and checked its lease. A run that was asked to be cancelled
 * meanwhile stays `cancelling`; one that was asked to be paused is `pausing` if it can be frozen.
 */
export async function markRunning(options: {
  trx: Knex.Transaction;
  run: RunRow;
  handle: JsonObject;
  actor: Actor;
  canFreeze: boolean;
}): Promise<void> {
  const { trx, run, handle, actor, canFreeze } = options;
  const startedAt = trx.raw('coalesce(started_at, clock_timestamp())');
  await trx('run_attempts')
    .where({ run_id: run.id, attempt: run.attempt })
    .update({
      state: 'running',
      handle: JSON.stringify(handle),
      started_at: startedAt,
    });
  if (run.state !== 'starting') {
    await trx('runs').where({ id: run.id }).update({ started_at: startedAt });
    return;
  }
  await passTo({
    trx,
    run,
    to: 'running',
    name: 'started',
    actor,
    columns: { started_at: startedAt },
  });
  if (run.pause_requested_by !== null && canFreeze) {
    await passTo({
      trx,
      run: { ...run, state: 'running' },
      to: 'pausing',
      name: 'pause-requested',
      actor: run.pause_requested_by,
      reason: run.pause_reason ?? undefined,
    });
  }
}
