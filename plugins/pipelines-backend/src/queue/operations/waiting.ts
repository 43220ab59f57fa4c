import type { Waiting } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { LEASE_TTL_MS } from '../types';

/** What a queued run waits for, as {@link WAITING_COLUMNS} read it. */
export interface WaitingRow {
  waiting_reason: Waiting['reason'];
  waiting_until: Date | null;
  waiting_active: number | null;
  waiting_max: number | null;
  waiting_key: string | null;
  waiting_by: string | null;
  waiting_since: Date | null;
  waiting_pause_reason: string | null;
}

/**
 * The bindings that {@link waitingJoins} needs.
 *
 * @param unpausable - pipelines that a pause of the whole queue does not hold up
 */
export function waitingBindings(unpausable: readonly string[]): Knex.ValueDict {
  return { unpausable: [...unpausable], ttlMs: LEASE_TTL_MS };
}

/** Everything that can keep a queued run, of a table with this alias, from being claimed. */
export function waitingJoins(run: string): string {
  return `
    left join queue_pauses queue_pause on queue_pause.scope = '*'
      and ${run}.pipeline_id <> all(:unpausable)
      and (queue_pause.until is null or queue_pause.until > now())
    left join queue_pauses pipeline_pause on pipeline_pause.scope = ${run}.pipeline_id
      and (pipeline_pause.until is null or pipeline_pause.until > now())
    left join queue_limits queue_limit on queue_limit.key = '*'
      and queue_limit.active >= queue_limit.max
    left join queue_limits pipeline_limit on pipeline_limit.key = ${run}.pipeline_id
      and pipeline_limit.active >= pipeline_limit.max
    left join queue_limits key_limit on key_limit.key = ${run}.pipeline_id || '#' || ${run}.concurrency_key
      and key_limit.active >= key_limit.max
    cross join lateral (
      select case
        when ${run}.pause_requested_at is not null then 'held'
        when ${run}.run_at > now() then 'start-time'
        when queue_pause.scope is not null then 'queue-paused'
        when pipeline_pause.scope is not null then 'pipeline-paused'
        when not exists (
          select from workers w where w.stopping_at is null and w.drained_at is null
            and w.heartbeat_at > now() - :ttlMs * interval '1 millisecond'
            and (w.pipeline_ids is null or ${run}.pipeline_id = any(w.pipeline_ids))) then 'no-worker'
        when queue_limit.key is not null then 'queue-limit'
        when pipeline_limit.key is not null then 'pipeline-limit'
        when key_limit.key is not null then 'key-limit'
        else 'slot' end as reason) waiting
    left join lateral (
      select queue_limit.active, queue_limit.max, null as key where waiting.reason = 'queue-limit'
      union all select pipeline_limit.active, pipeline_limit.max, null where waiting.reason = 'pipeline-limit'
      union all select key_limit.active, key_limit.max, key_limit.concurrency_key where waiting.reason = 'key-limit'
    ) waiting_limit on true
    left join lateral (
      select ${run}.pause_requested_by as by, ${run}.pause_requested_at as since, null::timestamptz as until,
        ${run}.pause_reason as reason
       where waiting.reason = 'held'
      union all select null, null, ${run}.run_at, null where waiting.reason = 'start-time'
      union all select queue_pause.paused_by, queue_pause.paused_at, queue_pause.until, queue_pause.reason
       where waiting.reason = 'queue-paused'
      union all select pipeline_pause.paused_by, pipeline_pause.paused_at, pipeline_pause.until, pipeline_pause.reason
       where waiting.reason = 'pipeline-paused'
    ) waiting_act on true`;
}

/** What is read of {@link waitingJoins}. */
export const WAITING_COLUMNS = `waiting.reason as waiting_reason,
  waiting_limit.active as waiting_active, waiting_limit.max as waiting_max, waiting_limit.key as waiting_key,
  waiting_act.by as waiting_by, waiting_act.since as waiting_since, waiting_act.until as waiting_until,
  waiting_act.reason as waiting_pause_reason`;

/** Why the run has not started; undefined when there is no such run or it is not queued. */
export async function readWaiting(options: {
  knex: Knex;
  runId: string;
  unpausable: readonly string[];
}): Promise<WaitingRow | undefined> {
  const { knex, runId, unpausable } = options;
  const { rows } = await knex.raw<{ rows: WaitingRow[] }>(
    `select ${WAITING_COLUMNS} from runs r ${waitingJoins('r')}
      where r.id = :runId and r.state = 'queued' and r.origin = 'own'`,
    { runId, ...waitingBindings(unpausable) },
  );
  return rows[0];
}
