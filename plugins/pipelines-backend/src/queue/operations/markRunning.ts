import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { appendEvent, type Actor, type RunRow } from '../../runs';

/**
 * Says that the execution of an attempt is there, and how to find it again.
 *
 * @remarks
 * The caller has locked the run and checked its lease. A run that was asked to be cancelled
 * meanwhile stays `cancelling`.
 */
export async function markRunning(options: {
  trx: Knex.Transaction;
  run: RunRow;
  handle: JsonObject;
  actor: Actor;
}): Promise<void> {
  const { trx, run, handle, actor } = options;
  const isFirst = run.state === 'starting';
  await trx('runs')
    .where({ id: run.id })
    .update({
      state: isFirst ? 'running' : run.state,
      started_at: trx.raw('coalesce(started_at, clock_timestamp())'),
    });
  await trx('run_attempts')
    .where({ run_id: run.id, attempt: run.attempt })
    .update({
      state: 'running',
      handle: JSON.stringify(handle),
      started_at: trx.raw('coalesce(started_at, clock_timestamp())'),
    });
  if (isFirst) {
    await appendEvent(trx, {
      runId: run.id,
      kind: 'transition',
      name: 'started',
      from: 'starting',
      to: 'running',
      attempt: run.attempt,
      actor,
    });
  }
}
