import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import { RUN_LIST_COLUMNS, type RunListRow } from '../../runs';
import {
  WAITING_COLUMNS,
  waitingBindings,
  waitingJoins,
  type WaitingRow,
} from './waiting';

/** Where a page of queued runs ended. */
export interface QueuePlace {
  priority: number;
  /** As the database writes it, because it counts microseconds. */
  runAt: string;
  id: string;
}

/** A queued run, what it waits for, and where in the queue it is. */
export type QueuedRunRow = RunListRow & WaitingRow & { run_at_text: string };

/** One page of the queued runs of these pipelines, the most urgent first. */
export async function listQueuedRuns(options: {
  knex: Knex;
  pipelines: PipelineSet;
  after?: QueuePlace;
  limit: number;
  unpausable: readonly string[];
}): Promise<QueuedRunRow[]> {
  const { knex, pipelines, after, limit, unpausable } = options;
  const columns = RUN_LIST_COLUMNS.map(column => `r.${column}`).join(', ');
  const { rows } = await knex.raw<{ rows: QueuedRunRow[] }>(
    `with page as (
       select found.* from ${
         pipelines === 'all'
           ? 'pipelines wanted'
           : 'unnest(:pipelines::text[]) wanted (id)'
       } cross join lateral (
         select ${columns}, r.concurrency_key, r.run_at::text as run_at_text from runs r
          where r.pipeline_id = wanted.id and r.state = 'queued' and r.origin = 'own' ${
            after
              ? `and r.priority <= :priority and (r.priority < :priority
                   or (r.run_at, r.id) > (:runAt::timestamptz, :id::uuid))`
              : ''
          }
          order by r.priority desc, r.run_at, r.id limit :limit) found
        order by found.priority desc, found.run_at, found.id limit :limit)
     select page.*, ${WAITING_COLUMNS} from page ${waitingJoins('page')}
      order by page.priority desc, page.run_at, page.id`,
    {
      pipelines: pipelines === 'all' ? [] : [...pipelines],
      priority: after?.priority ?? 0,
      runAt: after?.runAt ?? null,
      id: after?.id ?? null,
      limit,
      ...waitingBindings(unpausable),
    },
  );
  return rows;
}
