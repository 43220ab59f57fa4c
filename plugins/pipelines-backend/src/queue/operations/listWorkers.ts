import type { Knex } from 'knex';
import { LEASE_TTL_MS } from '../types';

/** A row of the table `workers`, with the runs that it holds leases of. */
export interface WorkerRow {
  id: string;
  host: string;
  slots: number;
  version: string;
  started_at: Date;
  heartbeat_at: Date;
  stopping_at: Date | null;
  drained_at: Date | null;
  drained_by: string | null;
  is_silent: boolean;
  held: { runId: string; pipelineId: string }[];
}

/** Every known worker, newest first. */
export async function listWorkers(options: {
  knex: Knex;
}): Promise<WorkerRow[]> {
  const { rows } = await options.knex.raw<{ rows: WorkerRow[] }>(
    `select w.id, w.host, w.slots, w.version, w.started_at, w.heartbeat_at, w.stopping_at,
       w.drained_at, w.drained_by,
       w.heartbeat_at < clock_timestamp() - :ttlMs * interval '1 millisecond' as is_silent,
       coalesce((select jsonb_agg(jsonb_build_object('runId', r.id, 'pipelineId', r.pipeline_id) order by r.id)
         from runs r where r.lease_owner = w.id and r.lease_token is not null), '[]') as held
       from workers w order by w.started_at desc, w.id`,
    { ttlMs: LEASE_TTL_MS },
  );
  return rows;
}
