import type { Knex } from 'knex';
import { appendEvent, type NewRunEvent } from './appendEvent';
import { lockLease } from './lockLease';
import type { Lease } from '../types';

/** Whether an event of a runner was written, or what stood in its way. */
export type RecordedEvent = 'written' | 'known' | 'full';

/**
 * Records what a runner said, or a warning about it, as long as the run has fewer than
 * `maxEvents` of these; the first one too many is replaced by a marker.
 *
 * @throws LeaseLostError when the lease is over
 */
export async function recordAttemptEvent(options: {
  trx: Knex.Transaction;
  lease: Lease;
  event: Pick<NewRunEvent, 'name' | 'actor' | 'reason' | 'details'> & {
    kind: 'runner' | 'warning';
  };
  /** Only one event of this name per attempt. */
  once?: boolean;
  /** Where the engine's record stands after it; what is stored up to there is known. */
  position?: number;
  maxEvents: number;
}): Promise<RecordedEvent> {
  const { trx, lease, event, once, position, maxEvents } = options;
  const { event_seq: total } = await lockLease(trx, lease);
  const place = { runId: lease.runId, attempt: lease.attempt };
  if (position !== undefined && !(await passTo(trx, place, position))) {
    return 'known';
  }
  if (once && (await isThere(trx, place, event.name))) {
    return 'known';
  }
  // The total counts all kinds, so below the limit there is nothing to count.
  const said = total < maxEvents ? 0 : await countSaid(trx, lease.runId);
  if (said > maxEvents) {
    return 'full';
  }
  if (said === maxEvents) {
    await appendEvent(trx, {
      ...place,
      kind: 'warning',
      name: 'events-limit',
      actor: event.actor,
      reason: `The run has ${maxEvents} events of its runner; further ones are not kept`,
    });
    return 'full';
  }
  await appendEvent(trx, { ...event, ...place });
  return 'written';
}

/** @returns whether nothing was stored up to this position before */
async function passTo(
  trx: Knex,
  place: { runId: string; attempt: number },
  position: number,
): Promise<boolean> {
  const passed = await trx('run_attempts')
    .where({ run_id: place.runId, attempt: place.attempt })
    .andWhere('message_position', '<', position)
    .update({ message_position: position });
  return passed === 1;
}

async function countSaid(trx: Knex, runId: string): Promise<number> {
  const row = await trx('run_events')
    .where({ run_id: runId })
    .whereIn('kind', ['runner', 'warning'])
    .count({ said: '*' })
    .first();
  return Number(row?.said);
}

async function isThere(
  trx: Knex,
  place: { runId: string; attempt: number },
  name: string,
): Promise<boolean> {
  const row = await trx('run_events')
    .where({ run_id: place.runId, attempt: place.attempt, name })
    .first('seq');
  return row !== undefined;
}
