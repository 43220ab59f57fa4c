import type { Knex } from 'knex';
import { isDeepStrictEqual } from 'node:util';
import type { PipelineDefinition } from '../../definitions';
import { stopClaims } from './pauseQueue';
import { announceQueue } from './recordQueueEvent';

const WHOLE_QUEUE = '*';

/** Maxima by key: of the queue and of pipelines, and of each concurrency key by pipeline. */
interface Maxima {
  limits: Record<string, number>;
  keyLimits: Record<string, number>;
}

/** Whether the limits in the database differ from those that are wanted. */
export async function differsFrom(
  knex: Knex,
  wanted: Maxima,
  pipelineIds: readonly string[],
): Promise<boolean> {
  const limits: { key: string; max: number }[] = await knex('queue_limits')
    .whereIn('key', [WHOLE_QUEUE, ...pipelineIds])
    .select('key', 'max');
  const keyLimits: { pipeline_id: string; max: number }[] = await knex(
    'queue_key_limits',
  )
    .whereIn('pipeline_id', [...pipelineIds])
    .select('pipeline_id', 'max');
  return !isDeepStrictEqual(wanted, {
    limits: Object.fromEntries(limits.map(({ key, max }) => [key, max])),
    keyLimits: Object.fromEntries(
      keyLimits.map(row => [row.pipeline_id, row.max]),
    ),
  });
}

/** The maxima that definitions ask for. */
export function maximaOf(options: {
  total?: number;
  pipelines: readonly PipelineDefinition[];
}): Maxima {
  const { total, pipelines } = options;
  const limits: Record<string, number> = {};
  const keyLimits: Record<string, number> = {};
  if (total !== undefined) {
    limits[WHOLE_QUEUE] = total;
  }
  for (const { id, concurrency } of pipelines) {
    if (concurrency?.limit !== undefined) {
      limits[id] = concurrency.limit;
    }
    if (concurrency?.perKey !== undefined) {
      keyLimits[id] = concurrency.perKey;
    }
  }
  return { limits, keyLimits };
}

/**
 * Writes the limits of the queue and of the given pipelines; new ones count what is active.
 *
 * @remarks
 * No claim is under way meanwhile, so none can begin a run that the new limit does not count.
 */
export async function syncLimits(options: {
  trx: Knex.Transaction;
  maxima: Maxima;
  pipelineIds: readonly string[];
}): Promise<void> {
  const { trx, maxima, pipelineIds } = options;
  await stopClaims(trx);
  const bindings = {
    pipelineIds: [...pipelineIds],
    limits: JSON.stringify(maxima.limits),
    limited: Object.keys(maxima.limits),
    keyLimits: JSON.stringify(maxima.keyLimits),
    keyLimited: Object.keys(maxima.keyLimits),
  };
  await trx.raw(
    `select key from queue_limits where key = '*' or pipeline_id = any(:pipelineIds)
      order by key for update`,
    bindings,
  );
  await trx.raw(
    `delete from queue_limits
      where (concurrency_key is null and (key = '*' or pipeline_id = any(:pipelineIds))
          and key <> all(:limited))
        or (concurrency_key is not null and pipeline_id = any(:pipelineIds)
          and pipeline_id <> all(:keyLimited))`,
    bindings,
  );
  await trx.raw(
    `insert into queue_limits (key, pipeline_id, max, active)
     select key, nullif(key, '*'), max::integer, (
       select count(*) from runs where lease_token is not null and (key = '*' or pipeline_id = key))
       from jsonb_each_text(:limits::jsonb) as wanted (key, max) order by key
     on conflict (key) do update set max = excluded.max`,
    bindings,
  );
  await trx.raw(
    `with gone as (
       delete from queue_key_limits where pipeline_id = any(:pipelineIds)
         and pipeline_id <> all(:keyLimited) returning pipeline_id),
     freed as (
       update runs set parked = false where state = 'queued' and parked
         and pipeline_id in (select pipeline_id from gone))
     insert into queue_key_limits (pipeline_id, max)
     select key, max::integer from jsonb_each_text(:keyLimits::jsonb) as wanted (key, max)
     on conflict (pipeline_id) do update set max = excluded.max`,
    bindings,
  );
  await trx.raw(
    `insert into queue_limits (key, pipeline_id, concurrency_key, max, active)
     select r.pipeline_id || '#' || r.concurrency_key, r.pipeline_id, r.concurrency_key, k.max, count(*)
       from runs r join queue_key_limits k on k.pipeline_id = r.pipeline_id
      where r.lease_token is not null and r.concurrency_key is not null
        and r.pipeline_id = any(:pipelineIds)
      group by r.pipeline_id, r.concurrency_key, k.max order by 1
     on conflict (key) do nothing`,
    bindings,
  );
  await trx.raw(
    `update queue_limits l set max = k.max from queue_key_limits k
      where k.pipeline_id = l.pipeline_id and l.concurrency_key is not null
        and l.pipeline_id = any(:pipelineIds)`,
    bindings,
  );
  await announceQueue(trx);
}
