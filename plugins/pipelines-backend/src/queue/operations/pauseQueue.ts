import { InputError } from '@backstage/errors';
import type {
  Pause,
  PauseRequestBodySchema,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Actor } from '../../runs';
import type { QueuePauses } from '../types';
import { recordQueueEvent } from './recordQueueEvent';

const WHOLE_QUEUE = '*';

/** What is paused or resumed, by whom and why. */
export interface PauseTarget {
  /** Absent means the whole queue. */
  pipelineId?: string;
  by: Actor;
  reason?: string;
}

interface PauseRow {
  scope: string;
  paused_by: string;
  paused_at: Date;
  reason: string | null;
  until: Date | null;
  scheduled_runs: Pause['scheduledRuns'];
}

/** The pauses that hold now. */
export async function listPauses(knex: Knex): Promise<QueuePauses> {
  const rows: PauseRow[] = await knex<PauseRow>('queue_pauses').whereRaw(
    '(until is null or until > clock_timestamp())',
  );
  const pauses = new Map(rows.map(row => [row.scope, presentPause(row)]));
  const queue = pauses.get(WHOLE_QUEUE);
  pauses.delete(WHOLE_QUEUE);
  return { queue, pipelines: pauses };
}

/**
 * Makes the transactions that come to this point one by one wait for the claims that have begun,
 * and later claims wait for them: what they write holds for every claim that follows.
 */
export async function stopClaims(trx: Knex.Transaction): Promise<void> {
  await trx.raw('lock table queue_pauses in exclusive mode');
}

/**
 * Pauses the queue or a pipeline; a new pause replaces the one before.
 *
 * @throws InputError when it would end before now
 */
export async function pause(
  options: PauseTarget & {
    trx: Knex.Transaction;
    request: z.output<typeof PauseRequestBodySchema>;
  },
): Promise<Pause> {
  const { trx, pipelineId, by, reason, request } = options;
  await stopClaims(trx);
  const { rows } = await trx.raw<{ rows: PauseRow[] }>(
    `insert into queue_pauses (scope, pipeline_id, paused_by, reason, until, scheduled_runs)
     select :scope, :pipelineId, :by, :reason, :until::timestamptz, :scheduledRuns
      where :until::timestamptz is null or :until::timestamptz > clock_timestamp()
     on conflict (scope) do update set paused_by = excluded.paused_by, paused_at = excluded.paused_at,
       reason = excluded.reason, until = excluded.until, scheduled_runs = excluded.scheduled_runs
     returning *`,
    {
      scope: pipelineId ?? WHOLE_QUEUE,
      pipelineId: pipelineId ?? null,
      by,
      reason: reason ?? null,
      until: request.until ?? null,
      scheduledRuns: request.scheduledRuns,
    },
  );
  if (rows.length === 0) {
    throw new InputError(
      `A pause until ${request.until} would be over already; say a later time, or none`,
    );
  }
  await recordQueueEvent(trx, {
    actor: by,
    action: pipelineId ? 'pipeline-paused' : 'queue-paused',
    pipelineId,
    reason,
    details: { until: request.until, scheduledRuns: request.scheduledRuns },
  });
  return presentPause(rows[0]);
}

/** Ends the pause of the queue or of a pipeline; nothing happens where there is none. */
export async function resume(
  options: PauseTarget & { trx: Knex.Transaction },
): Promise<void> {
  const { trx, pipelineId, by, reason } = options;
  const ended = await trx('queue_pauses')
    .where({ scope: pipelineId ?? WHOLE_QUEUE })
    .delete();
  if (ended > 0) {
    await recordQueueEvent(trx, {
      actor: by,
      action: pipelineId ? 'pipeline-resumed' : 'queue-resumed',
      pipelineId,
      reason,
    });
  }
}

/** Puts away the pauses that have ended by themselves; returns how many. */
export async function endPauses(trx: Knex.Transaction): Promise<number> {
  const ended: { pipeline_id: string | null }[] = await trx('queue_pauses')
    .whereRaw('until <= clock_timestamp()')
    .delete()
    .returning('pipeline_id');
  for (const { pipeline_id: pipelineId } of ended) {
    await recordQueueEvent(trx, {
      actor: 'system:queue',
      action: pipelineId ? 'pipeline-resumed' : 'queue-resumed',
      pipelineId: pipelineId ?? undefined,
      reason: 'The time of the pause was over',
    });
  }
  return ended.length;
}

function presentPause(row: PauseRow): Pause {
  return {
    by: row.paused_by,
    at: row.paused_at.toISOString(),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.until && { until: row.until.toISOString() }),
    scheduledRuns: row.scheduled_runs,
  };
}
