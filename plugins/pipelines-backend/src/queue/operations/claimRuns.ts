import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { LEASE_TTL_MS, type ClaimedRun, type HostIdentity } from '../types';

/**
 * Leases queued runs to a worker, in the order of priority and then of time, and begins an
 * attempt of each: all in one statement, so that nothing is started that is not recorded.
 */
export async function claimRuns(options: {
  knex: Knex;
  worker: HostIdentity & { id: string };
  pipelineIds: readonly string[];
  limit: number;
}): Promise<ClaimedRun[]> {
  const { knex, worker, pipelineIds, limit } = options;
  const { rows } = await knex.raw<{
    rows: {
      id: string;
      pipeline_id: string;
      attempt: number;
      lease_token: string;
      parameters: JsonObject;
    }[];
  }>(
    `with picked as (
       select id from runs
        where state = 'queued' and run_at <= now() and pipeline_id = any(:pipelineIds)
        order by priority desc, run_at, id limit :limit for update skip locked),
     claimed as (
       update runs r set state = 'starting', attempt = r.attempt + 1, event_seq = r.event_seq + 1,
         lease_token = gen_random_uuid(), lease_owner = :workerId, heartbeat_at = clock_timestamp(),
         lease_expires_at = clock_timestamp() + :ttlMs * interval '1 millisecond'
         from picked where r.id = picked.id returning r.*),
     attempted as (
       insert into run_attempts (run_id, attempt, lease_token, worker_id, host, boot_id)
       select id, attempt, lease_token, :workerId, :host, :bootId from claimed),
     recorded as (
       insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
       select id, event_seq, 'transition', 'claimed', 'queued', 'starting', attempt, 'worker:' || lease_owner
         from claimed)
     select id, pipeline_id, attempt, lease_token, parameters from claimed
      order by priority desc, run_at, id`,
    {
      pipelineIds,
      limit,
      workerId: worker.id,
      host: worker.host,
      bootId: worker.bootId,
      ttlMs: LEASE_TTL_MS,
    },
  );
  return rows.map(row => ({
    lease: {
      runId: row.id,
      pipelineId: row.pipeline_id,
      attempt: row.attempt,
      token: row.lease_token,
    },
    parameters: row.parameters,
  }));
}
