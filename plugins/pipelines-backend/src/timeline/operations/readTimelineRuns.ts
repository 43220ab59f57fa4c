import {
  LEASED_RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import { uuidAt } from '../../runs';

const DAY_MS = 86_400_000;

/**
 * A run that had begun before the window and went on after it is found when it ended this much
 * later, in days.
 */
const LOOK_AHEAD_DAYS = 7;

/** A run that was executed in the window. */
export interface TimelineRunRow {
  id: string;
  pipeline_id: string;
  state: RunState;
  started_at: Date;
  finished_at: Date | null;
}

/** Which runs the timeline shows. */
export interface TimelineScope {
  from: Date;
  to: Date;
  pipelines: PipelineSet;
  states?: readonly RunState[];
}

/**
 * The newest runs that were executed at any time of the window, newest first.
 *
 * @remarks
 * Those submitted in the window are a range of ids. Of those submitted before it, some ended in
 * it or later, which is a range of ends, and the others are going on.
 */
export async function readTimelineRuns(
  knex: Knex,
  scope: TimelineScope & { limit: number },
): Promise<TimelineRunRow[]> {
  const { from, to, pipelines, states, limit } = scope;
  const only = [
    ...(pipelines === 'all' ? [] : ['pipeline_id = any(:pipelines)']),
    ...(states ? ['state = any(:states)'] : []),
    'started_at < :to',
  ].join(' and ');
  const columns = 'id, pipeline_id, state, started_at, finished_at';
  // Ends are looked for in their index alone, one row after the other, because it is not known
  // to the planner that nearly no run ends long after it was submitted: it would read the past.
  const { rows } = await knex.raw<{ rows: TimelineRunRow[] }>(
    `with ended as materialized (
       select id from runs where finished_at >= :from and finished_at < :until and id < :fromId)
     select * from (
       (select ${columns} from runs where id >= :fromId and id < :toId and ${only} order by id desc limit :limit)
       union all
       select run.* from ended cross join lateral (
         select ${columns} from runs where runs.id = ended.id and ${only} limit 1) as run
       union all
       select ${columns} from runs where id < :fromId and finished_at is null
         and state = any(:leased) and state <> 'succeeded' and ${only}
     ) as found order by id desc limit :limit`,
    {
      from,
      to,
      until: new Date(to.getTime() + LOOK_AHEAD_DAYS * DAY_MS),
      fromId: uuidAt(from),
      toId: uuidAt(to),
      leased: [...LEASED_RUN_STATES],
      limit,
      ...(pipelines !== 'all' && { pipelines: [...pipelines] }),
      ...(states && { states: [...states] }),
    },
  );
  return rows;
}
