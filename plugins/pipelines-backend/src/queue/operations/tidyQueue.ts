import type { Knex } from 'knex';

const SWEEPER = 'system:sweeper';

/** How many parked runs of a key without a limit are looked at again at once. */
const MOST_UNLIMITED = 1_000;

/** Ends up to `limit` queued runs that have waited longer than they may; returns how many. */
export async function expireQueued(options: {
  trx: Knex.Transaction;
  limit: number;
}): Promise<number> {
  const { rows } = await options.trx.raw<{ rows: unknown[] }>(
    `with late as (
       select id from runs where state = 'queued' and origin = 'own' and queue_deadline <= clock_timestamp()
        order by queue_deadline limit :limit for no key update skip locked),
     ended as (
       update runs r set state = 'timed_out', finished_at = clock_timestamp(), event_seq = event_seq + 1,
         pause_requested_at = null, pause_requested_by = null, pause_reason = null,
         error_kind = 'timeout', error_message = 'It had not started by '
           || to_char(queue_deadline at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           || ', and may not wait in the queue for longer'
         from late where late.id = r.id
       returning r.id, r.event_seq, r.attempt, r.error_message)
     insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason)
     select id, event_seq, 'transition', 'timed_out', 'queued', 'timed_out', nullif(attempt, 0),
       :actor, error_message from ended
     returning run_id`,
    { limit: options.limit, actor: SWEEPER },
  );
  return rows.length;
}

/**
 * Lets the claim look again at parked runs whose key has room: the ends of runs do that, but the
 * run that was next may have been cancelled, held or put off instead of being claimed.
 *
 * @returns how many
 */
export async function unparkStrays(trx: Knex.Transaction): Promise<number> {
  const { rows } = await trx.raw<{ rows: { freed: string | null }[] }>(
    `with recursive lanes as (
       (select pipeline_id, concurrency_key from runs where state = 'queued' and parked
         order by pipeline_id, concurrency_key limit 1)
       union all
       select next.* from lanes cross join lateral (
         select pipeline_id, concurrency_key from runs where state = 'queued' and parked
           and (pipeline_id, concurrency_key) > (lanes.pipeline_id, lanes.concurrency_key)
         order by pipeline_id, concurrency_key limit 1) next)
     select sum(millrace_unpark(lanes.pipeline_id, lanes.concurrency_key,
         coalesce(l.max - l.active, k.max, ${MOST_UNLIMITED}))) as freed
       from lanes
       left join queue_limits l on l.key = lanes.pipeline_id || '#' || lanes.concurrency_key
       left join queue_key_limits k on k.pipeline_id = lanes.pipeline_id
      where l.key is null or l.active < l.max`,
  );
  const freed = Number(rows[0].freed);
  if (freed > 0) {
    await trx.raw(`select pg_notify('millrace', '{"kind":"queued"}')`);
  }
  return freed;
}

/** Counts again what limits count; returns how many were wrong. */
export async function recountLimits(trx: Knex.Transaction): Promise<number> {
  const { rows } = await trx.raw<{ rows: { healed: number }[] }>(
    'select millrace_recount_limits() as healed',
  );
  return rows[0].healed;
}
