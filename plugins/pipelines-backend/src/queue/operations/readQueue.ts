import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import { LEASE_TTL_MS } from '../types';

/** Queued runs of one pipeline that are counted at most, and starts in the last minute. */
export const MAX_COUNTED_RUNS = 20_000;

/** How a pipeline stands in the queue. */
export interface PipelineQueueRow {
  pipeline_id: string;
  title: string;
  owner_ref: string | null;
  queued: number;
  due: number;
  running: number;
  max: number | null;
  oldest_wait_ms: number | null;
}

/** How the queue stands as a whole. */
export interface QueueRow {
  as_of: Date;
  slots: number;
  max: number | null;
  started_last_minute: number;
}

/** Those of the pipelines that have queued or active runs, a limit or a pause, by title. */
export async function listPipelineQueues(options: {
  knex: Knex;
  pipelines: PipelineSet;
}): Promise<PipelineQueueRow[]> {
  const { rows } = await options.knex.raw<{ rows: PipelineQueueRow[] }>(
    `select p.id as pipeline_id, p.title, p.owner_ref, l.max, waiting.queued, waiting.due,
       waiting.oldest_wait_ms, coalesce(active.running, 0) as running
       from pipelines p
       cross join lateral (
         select count(*)::integer as queued, (count(*) filter (where run_at <= now()))::integer as due,
           round(extract(epoch from now() - min(run_at) filter (where run_at <= now())) * 1000)::float8 as oldest_wait_ms
           from (select run_at from runs where pipeline_id = p.id and state = 'queued' and origin = 'own' limit :most) counted) waiting
       left join (
         select pipeline_id, count(*)::integer as running from runs where lease_token is not null group by pipeline_id
       ) active on active.pipeline_id = p.id
       left join queue_limits l on l.key = p.id and p.removed_at is null
      where ${inSet('p.id', options.pipelines)}
        and (waiting.queued > 0 or active.running > 0 or l.key is not null
          or exists (select from queue_pauses where scope = p.id and (until is null or until > now())))
      order by p.title, p.id`,
    { most: MAX_COUNTED_RUNS, ...setBindings(options.pipelines) },
  );
  return rows;
}

/** The slots of workers that claim, the limit of the queue, and how many runs were just claimed. */
export async function readQueue(options: {
  knex: Knex;
  pipelines: PipelineSet;
}): Promise<QueueRow> {
  const { rows } = await options.knex.raw<{ rows: QueueRow[] }>(
    `select now() as as_of,
       (select coalesce(sum(slots), 0)::integer from workers where stopping_at is null and drained_at is null
         and heartbeat_at > now() - :ttlMs * interval '1 millisecond') as slots,
       (select max from queue_limits where key = '*') as max,
       (select count(*)::integer from (
         select run_id from run_attempts where claimed_at > now() - interval '1 minute'
          order by claimed_at desc limit :most) recent
         ${
           options.pipelines === 'all'
             ? ''
             : `join runs r on r.id = recent.run_id where ${inSet(
                 'r.pipeline_id',
                 options.pipelines,
               )}`
         }) as started_last_minute`,
    {
      ttlMs: LEASE_TTL_MS,
      most: MAX_COUNTED_RUNS,
      ...setBindings(options.pipelines),
    },
  );
  return rows[0];
}

function inSet(column: string, pipelines: PipelineSet): string {
  return pipelines === 'all' ? 'true' : `${column} = any(:pipelines)`;
}

function setBindings(pipelines: PipelineSet): Knex.ValueDict {
  return pipelines === 'all' ? {} : { pipelines: [...pipelines] };
}
