import type { Knex } from 'knex';
import type { Actor } from '../../runs';

/** Something that was done to the queue, to a pipeline in it, or to a worker. */
export interface QueueEvent {
  actor: Actor;
  /** One word, like `queue-paused`. */
  action: string;
  pipelineId?: string;
  workerId?: string;
  reason?: string;
  details?: unknown;
}

/** Records it in the transaction that does it, and tells every process. */
export async function recordQueueEvent(
  trx: Knex.Transaction,
  event: QueueEvent,
): Promise<void> {
  await trx('queue_events').insert({
    actor: event.actor,
    action: event.action,
    pipeline_id: event.pipelineId ?? null,
    worker_id: event.workerId ?? null,
    reason: event.reason ?? null,
    details: event.details === undefined ? null : JSON.stringify(event.details),
  });
  await announceQueue(trx);
}

/** Tells every process that the queue has changed, and workers to look for runs again. */
export async function announceQueue(knex: Knex): Promise<void> {
  await knex.raw(
    `select pg_notify('millrace', '{"kind":"queue"}'), pg_notify('millrace', '{"kind":"queued"}')`,
  );
}
