import { ConflictError, InputError } from '@backstage/errors';
import type {
  ClearQueueRequestSchema,
  ClearQueueResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Actor } from '../../runs';
import { recordQueueEvent } from './recordQueueEvent';

/** Queued runs that are cancelled at once at most. */
export const MAX_CLEARED_RUNS = 10_000;

const BATCH = 1_000;

/**
 * Cancels the queued runs of these pipelines, or counts them.
 *
 * @param options - `seen`: pipelines of which queued runs that stay are counted
 * @throws ConflictError when it would be another number than was expected; InputError when it
 * would be more than {@link MAX_CLEARED_RUNS}
 */
export async function clearQueue(options: {
  trx: Knex.Transaction;
  request: z.output<typeof ClearQueueRequestSchema>;
  by: Actor;
  pipelines: readonly string[];
  seen: readonly string[];
}): Promise<ClearQueueResponse> {
  const { trx, request, by, pipelines, seen } = options;
  const runIds = await listCleared(options);
  if (runIds.length > MAX_CLEARED_RUNS) {
    throw new InputError(
      `More than ${MAX_CLEARED_RUNS} queued runs would be cancelled at once; clear single pipelines, or pause the queue and cancel the runs as a bulk action`,
    );
  }
  if (request.expected !== undefined && request.expected !== runIds.length) {
    throw new ConflictError(
      `${runIds.length} queued runs would be cancelled now, not the ${request.expected} that you were shown; look at the number again`,
    );
  }
  const kept = (await countQueued(trx, seen)) - runIds.length;
  const answer = { cancelled: runIds.length, kept: Math.max(0, kept) };
  if (request.dryRun) {
    return answer;
  }
  for (let start = 0; start < runIds.length; start += BATCH) {
    await cancelQueued(trx, runIds.slice(start, start + BATCH), options);
  }
  await recordQueueEvent(trx, {
    actor: by,
    action: 'queue-cleared',
    reason: request.reason,
    details: {
      ...answer,
      pipelines: request.pipeline ? pipelines : 'all',
      scheduledRuns: request.scheduledRuns,
    },
  });
  return answer;
}

/** The runs to be cancelled, locked unless they are only counted; at most one more than may be. */
async function listCleared(
  options: Parameters<typeof clearQueue>[0],
): Promise<string[]> {
  const { trx, request, pipelines } = options;
  const rows: { id: string }[] = await trx('runs')
    .where({ state: 'queued', origin: 'own' })
    .whereIn('pipeline_id', [...pipelines])
    .modify(query => {
      if (request.scheduledRuns === 'keep') {
        query.whereNot({ trigger: 'schedule' });
      }
      if (!request.dryRun) {
        query.forNoKeyUpdate();
      }
    })
    .orderBy('id')
    .limit(MAX_CLEARED_RUNS + 1)
    .select('id');
  return rows.map(({ id }) => id);
}

async function cancelQueued(
  trx: Knex.Transaction,
  runIds: readonly string[],
  options: { by: Actor; request: { reason?: string } },
): Promise<void> {
  await trx.raw(
    `with cancelled as (
       update runs set state = 'cancelled', finished_at = clock_timestamp(), event_seq = event_seq + 1,
         cancel_requested_at = clock_timestamp(), cancel_requested_by = :by, cancel_reason = :reason,
         pause_requested_at = null, pause_requested_by = null, pause_reason = null
        where id = any(:runIds) returning id, event_seq, attempt)
     insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason, details)
     select id, event_seq, 'transition', 'cancelled', 'queued', 'cancelled', nullif(attempt, 0), :by,
       :reason, '{"queueCleared":true}' from cancelled`,
    {
      runIds: [...runIds],
      by: options.by,
      reason: options.request.reason ?? null,
    },
  );
}

async function countQueued(
  trx: Knex.Transaction,
  pipelines: readonly string[],
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { queued: string }[] }>(
    `select count(*) as queued from (
       select from runs where state = 'queued' and origin = 'own' and pipeline_id = any(:pipelines) limit :most) counted`,
    { pipelines: [...pipelines], most: 2 * MAX_CLEARED_RUNS },
  );
  return Number(rows[0].queued);
}
