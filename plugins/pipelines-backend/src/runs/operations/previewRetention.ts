import type { Removal } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import { uuidAt } from '../uuidAt';

/** What is removed of runs. */
export type RemovedPart = 'runs' | 'logs' | 'artifacts';

/** Runs that are looked at for one count. */
const SCAN_BUDGET = 10_000;
const DAY_MS = 86_400_000;
const SOON_DAYS = 7;
const LEAST_ID = '00000000-0000-0000-0000-000000000000';

const RANGE = `select id, pipeline_id, finished_at, log_removed_at from runs`;

/** What is left of each part, of a run in `looked`. */
const LEFT: Record<RemovedPart, string> = {
  runs: 'select 0 as bytes',
  logs: `select sum(log_bytes) as bytes from run_attempts
    where run_id = looked.id and log_chunks > 0 and looked.log_removed_at is null having count(*) > 0`,
  artifacts:
    'select sum(bytes) as bytes from run_artifacts where run_id = looked.id having count(*) > 0',
};

/**
 * Of how many runs a part goes when it is kept for as many days; looks at the newest of them
 * first, which are those that a shorter time reaches.
 */
export async function previewRetention(options: {
  knex: Knex;
  part: RemovedPart;
  pipelines: PipelineSet;
  days: number;
  /** The time of the database. */
  now: Date;
  /** Of runs that were submitted before this, it is gone already. */
  submittedFrom?: Date;
}): Promise<Removal> {
  const { knex, part, pipelines, days, now, submittedFrom } = options;
  const over = new Date(now.getTime() - days * DAY_MS);
  const until = new Date(over.getTime() + SOON_DAYS * DAY_MS);
  if (pipelines !== 'all' && pipelines.length === 0) {
    return presentRemoval(part, { now: 0, soon: 0, bytes: 0, looked: 0 }, 1);
  }
  const budget =
    pipelines === 'all'
      ? SCAN_BUDGET
      : Math.ceil(SCAN_BUDGET / pipelines.length);
  // The pipeline is compared with the id, because no other index has that order.
  const looked =
    pipelines === 'all'
      ? `${RANGE} where id >= :from and id < :until order by id desc limit :budget`
      : `select own.* from unnest(:pipelines::text[]) as wanted (id) cross join lateral (
           ${RANGE} where (pipeline_id, id) >= (wanted.id, :from::uuid) and (pipeline_id, id) < (wanted.id, :until::uuid)
           order by pipeline_id desc, id desc limit :budget) as own`;
  // The budget is that of each pipeline where there is a set.
  const mostLooked =
    pipelines === 'all'
      ? 'select count(*) from looked'
      : `select coalesce(max(count), 0) from (
           select count(*) as count from looked group by pipeline_id) as counted`;
  // Whole runs go by when they were submitted, their parts by when they ended.
  const isOver =
    part === 'runs' ? 'looked.id < :overId' : 'looked.finished_at < :over';
  const { rows } = await knex.raw<{ rows: Record<string, string | null>[] }>(
    `with looked as materialized (${looked})
     select count(*) filter (where ${isOver}) as now, count(*) filter (where not (${isOver})) as soon,
       sum(remaining.bytes) filter (where ${isOver}) as bytes, (${mostLooked}) as looked
       from looked cross join lateral (${LEFT[part]}) as remaining
      where looked.finished_at < :untilTime`,
    {
      from: submittedFrom ? uuidAt(submittedFrom) : LEAST_ID,
      until: uuidAt(until),
      untilTime: part === 'runs' ? now : until,
      over,
      overId: uuidAt(over),
      budget,
      ...(pipelines !== 'all' && { pipelines: [...pipelines] }),
    },
  );
  const [row] = rows;
  return presentRemoval(
    part,
    {
      now: Number(row.now),
      soon: Number(row.soon),
      bytes: Number(row.bytes ?? 0),
      looked: Number(row.looked),
    },
    budget,
  );
}

function presentRemoval(
  part: RemovedPart,
  counted: { now: number; soon: number; bytes: number; looked: number },
  budget: number,
): Removal {
  const { now, soon, bytes, looked } = counted;
  return {
    now,
    soon,
    ...(part !== 'runs' && { bytes }),
    isMore: looked >= budget,
  };
}
