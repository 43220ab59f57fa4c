import type { Knex } from 'knex';
import type { NewFailureEvent } from '../types';

/** Records an event, in the transaction of what it records. */
export async function recordFailureEvent(
  trx: Knex.Transaction,
  event: NewFailureEvent,
): Promise<void> {
  await trx('failure_events').insert({
    fingerprint: event.fingerprint,
    name: event.name,
    actor: event.actor,
    reason: event.reason ?? null,
    until: event.until ?? null,
    count: event.count ?? null,
    run_id: event.runId ?? null,
  });
}
