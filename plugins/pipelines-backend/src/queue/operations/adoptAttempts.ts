import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import {
  LEASE_TTL_MS,
  SWEEP_DELAY_MS,
  type AdoptedRun,
  type HostIdentity,
} from '../types';
import { resumeOf } from './claimRuns';

/** Gives a worker, with new tokens, the attempts that others left behind on its host. */
export async function adoptAttempts(options: {
  knex: Knex;
  worker: HostIdentity & { id: string };
  /** Workers of this host and boot whose process is gone. */
  deadWorkerIds: readonly string[];
  /** Tokens that the worker is using, so not left behind. */
  heldTokens: readonly string[];
  pipelineIds: readonly string[];
  limit: number;
}): Promise<AdoptedRun[]> {
  const { knex, worker, deadWorkerIds, heldTokens, pipelineIds, limit } =
    options;
  const { rows } = await knex.raw<{
    rows: {
      id: string;
      pipeline_id: string;
      attempt: number;
      lease_token: string;
      parameters: JsonObject;
      resume_from: string | null;
      retry_of: string | null;
      handle: JsonObject | null;
      log_position: string;
      former: string;
    }[];
  }>(
    `with picked as (
       select r.id, r.lease_owner as former, a.handle, a.log_position
         from runs r join run_attempts a on a.run_id = r.id and a.attempt = r.attempt
        where r.lease_token is not null and r.lease_token <> all(:heldTokens::uuid[])
          and a.host = :host and r.pipeline_id = any(:pipelineIds)
          and ((a.boot_id = :bootId and r.lease_owner = any(:deadWorkerIds))
            or r.lease_expires_at + :delayMs * interval '1 millisecond' < clock_timestamp())
        order by r.lease_expires_at limit :limit for no key update of r skip locked),
     adopted as (
       update runs r set event_seq = r.event_seq + 1,
         lease_token = gen_random_uuid(), lease_owner = :workerId, heartbeat_at = clock_timestamp(),
         lease_expires_at = clock_timestamp() + :ttlMs * interval '1 millisecond'
         from picked where r.id = picked.id
       returning r.id, r.pipeline_id, r.attempt, r.lease_token, r.parameters, r.resume_from,
         r.retry_of, r.event_seq, picked.handle, picked.log_position, picked.former),
     attempted as (
       update run_attempts a set lease_token = adopted.lease_token
         from adopted where a.run_id = adopted.id and a.attempt = adopted.attempt),
     recorded as (
       insert into run_events (run_id, seq, kind, name, attempt, actor, reason)
       select id, event_seq, 'action', 'adopted', attempt, 'worker:' || :workerId,
         'Worker ' || former || ' is gone' from adopted)
     select id, pipeline_id, attempt, lease_token, parameters, resume_from, retry_of, handle,
       log_position, former from adopted`,
    {
      workerId: worker.id,
      host: worker.host,
      bootId: worker.bootId,
      deadWorkerIds,
      heldTokens,
      pipelineIds,
      limit,
      delayMs: SWEEP_DELAY_MS,
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
    ...resumeOf(row),
    handle: row.handle ?? undefined,
    logPosition: Number(row.log_position),
    formerWorkerId: row.former,
  }));
}
