import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Actor } from '../../runs';
import { stopClaims } from './pauseQueue';
import { recordQueueEvent } from './recordQueueEvent';

/**
 * Lets a worker claim nothing more, or claim again. Asking again changes nothing.
 *
 * @throws NotFoundError when there is no such worker
 */
export async function drainWorker(options: {
  trx: Knex.Transaction;
  workerId: string;
  by: Actor;
  drains: boolean;
}): Promise<void> {
  const { trx, workerId, by, drains } = options;
  // Before the row is locked: a claim that has begun reads it.
  await stopClaims(trx);
  const worker = await trx('workers')
    .where({ id: workerId })
    .forNoKeyUpdate()
    .first('drained_at');
  if (!worker) {
    throw new NotFoundError(
      `No worker '${workerId}'; it may have stopped meanwhile`,
    );
  }
  if ((worker.drained_at !== null) === drains) {
    return;
  }
  await trx('workers')
    .where({ id: workerId })
    .update({
      drained_at: drains ? trx.raw('clock_timestamp()') : null,
      drained_by: drains ? by : null,
    });
  await recordQueueEvent(trx, {
    actor: by,
    action: drains ? 'worker-drained' : 'worker-undrained',
    workerId,
  });
}
