import {
  LEASED_RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import { uuidAt, uuidTime } from '../../runs';

const DAY_MS = 86_400_000;

/** So few pipelines are looked at one by one, each in a range of its own ids. */
const FEW_PIPELINES = 5;

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

/** How much is looked at for one timeline. */
export interface TimelineBudget {
  /** Runs that were submitted in the window; default 50,000. */
  runs: number;
  /** Ends of runs, which come from an index alone; default 200,000. */
  ends: number;
}

const DEFAULT_BUDGET: TimelineBudget = { runs: 50_000, ends: 200_000 };

/** Which runs the timeline shows. */
export interface TimelineScope {
  from: Date;
  to: Date;
  pipelines: PipelineSet;
  states?: readonly RunState[];
  limit: number;
  budget?: TimelineBudget;
}

/** What was found. */
export interface TimelineRuns {
  /** Newest first. */
  rows: TimelineRunRow[];
  /** Where the budget has ended: of the runs that were submitted before this, some are missing. */
  completeSince?: Date;
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
  scope: TimelineScope,
): Promise<TimelineRuns> {
  const { from, to, pipelines, states, limit } = scope;
  const budget = scope.budget ?? DEFAULT_BUDGET;
  const isFew = pipelines !== 'all' && pipelines.length <= FEW_PIPELINES;
  const only = [
    ...(pipelines === 'all' ? [] : ['pipeline_id = any(:pipelines)']),
    ...(states ? ['state = any(:states)'] : []),
    'started_at < :to',
  ].join(' and ');
  const columns = 'id, pipeline_id, state, started_at, finished_at';
  const newestOf = (range: string, order: string) =>
    `select * from (
       select ${columns}, ${only} as is_wanted, row_number() over (order by ${order}) as place
         from runs where ${range} order by ${order} limit :each) as looked
      where is_wanted or place = :each order by ${order} limit :limit`;
  // The pipeline is compared with the id, because no other index has that order.
  const submitted = isFew
    ? `select own.* from unnest(:pipelines::text[]) as wanted (id) cross join lateral (${newestOf(
        `(pipeline_id, id) >= (wanted.id, :fromId::uuid) and (pipeline_id, id) < (wanted.id, :toId::uuid)`,
        'pipeline_id desc, id desc',
      )}) as own`
    : newestOf('id >= :fromId and id < :toId', 'id desc');
  // Ends are looked for in their index alone, one row after the other, because it is not known
  // to the planner that nearly no run ends long after it was submitted: it would read the past.
  const { rows } = await knex.raw<{ rows: FoundRow[] }>(
    `with submitted as materialized (${submitted}),
     cut as (select id from submitted where place = :each order by id desc limit 1),
     ended as materialized (
       select id, place from (
         select id, row_number() over (order by finished_at, id) as place from runs
          where finished_at >= :from and finished_at < :until order by finished_at, id limit :ends) as looked
        where id < :fromId or place = :ends)
     select (select id from cut) as cut_id, exists (select from ended where place = :ends) as is_cut, found.*
       from (values (1)) as once left join (
       select ${columns} from submitted where is_wanted
       union all
       select run.* from ended cross join lateral (
         select ${columns} from runs where runs.id = ended.id and ${only} limit 1) as run where ended.id < :fromId
       union all
       select ${columns} from runs where id < :fromId and finished_at is null
         and state = any(:leased) and state <> 'succeeded' and ${only}
     ) as found on not exists (select from cut where cut.id > found.id) order by found.id desc limit :limit`,
    {
      from,
      to,
      until: new Date(to.getTime() + LOOK_AHEAD_DAYS * DAY_MS),
      fromId: uuidAt(from),
      toId: uuidAt(to),
      leased: [...LEASED_RUN_STATES],
      limit,
      each: isFew
        ? Math.ceil(budget.runs / Math.max(1, pipelines.length))
        : budget.runs,
      ends: budget.ends,
      ...(pipelines !== 'all' && { pipelines: [...pipelines] }),
      ...(states && { states: [...states] }),
    },
  );
  const [{ cut_id: cutId, is_cut: isCut }] = rows;
  const completeSince = cutId ? uuidTime(cutId) : isCut && from;
  return {
    rows: rows.filter((row): row is FoundRow & TimelineRunRow => !!row.id),
    ...(completeSince && { completeSince }),
  };
}

/** Without a run where there is none. */
type FoundRow = { cut_id: string | null; is_cut: boolean } & (
  | TimelineRunRow
  | { id: null }
);
