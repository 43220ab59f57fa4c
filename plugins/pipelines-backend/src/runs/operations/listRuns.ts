import type {
  RunState,
  RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { RunRow } from '../types';

/** What a list shows of a run: all but its parameters and its lease. */
export const RUN_LIST_COLUMNS = [
  'id',
  'pipeline_id',
  'origin',
  'trigger',
  'state',
  'state_changed_at',
  'title',
  'labels',
  'priority',
  'note',
  'pipeline_version',
  'submitted_by',
  'retry_of',
  'queued_at',
  'run_at',
  'started_at',
  'finished_at',
  'attempt',
  'max_attempts',
  'lease_owner',
  'cancel_requested_at',
  'cancel_requested_by',
  'cancel_reason',
  'cancel_force',
  'pause_requested_at',
  'pause_requested_by',
  'pause_reason',
  'paused_ms',
  'resume_from',
  'quarantined_at',
  'progress',
  'progress_message',
  'current_step',
  'error_kind',
  'error_message',
  'error_step',
  'exit_code',
  'exit_signal',
  'summary',
  'reporter',
  'foreign_state',
  'last_report_at',
] as const;

/** What the filter itself looks at. */
const FILTER_COLUMNS = ['id', 'pipeline_id', 'state', 'trigger'] as const;

/** A row of the table `runs` as lists read it. */
export type RunListRow = Pick<RunRow, (typeof RUN_LIST_COLUMNS)[number]>;

/** Up to this many pipelines are read one by one from their own index ranges. */
const MAX_PIPELINE_BRANCHES = 20;
/** Up to this many ranges are read and merged for one page. */
const MAX_BRANCHES = 60;

/** Which runs a list wants; times are bounds of ids. */
export interface RunListFilter {
  pipelines: PipelineSet;
  states?: readonly RunState[];
  triggers?: readonly RunTrigger[];
  /** Only ids that are not less. */
  from?: string;
  /** Only lesser ids. */
  before?: string;
}

/** Rows of a page, and where the search ended when it did for its budget. */
export interface RunListRows<TRow = RunListRow> {
  rows: TRow[];
  /** Every match from this id on is among the rows; older ones were not looked for. */
  searchedBackTo?: string;
}

/** One range of an index in which the newest rows come first. */
interface Branch {
  pipeline: string | null;
  state: RunState | null;
}

const BRANCHES =
  'unnest(:pipelines::text[], :states::text[]) as branch (pipeline, state)';

/**
 * The newest runs that match, newest first.
 *
 * @remarks
 * Reads the newest of each index range that together hold the matches, and merges them. What an
 * index cannot answer is filtered from at most `scanBudget` rows.
 */
export async function listRuns<
  TColumn extends keyof RunListRow = keyof RunListRow,
>(options: {
  knex: Knex;
  filter: RunListFilter;
  limit: number;
  scanBudget: number;
  /** Default all that a list shows. */
  columns?: readonly TColumn[];
}): Promise<RunListRows<Pick<RunListRow, TColumn | 'id'>>> {
  type Row = Pick<RunListRow, TColumn | 'id'>;
  const { knex, filter, limit } = options;
  const branches = branchesOf(filter);
  if (branches.length === 0) {
    return { rows: [] };
  }
  const residual = residualConditions(filter, branches[0]);
  const columns = [
    ...new Set([...FILTER_COLUMNS, ...(options.columns ?? RUN_LIST_COLUMNS)]),
  ].join(', ');
  const range = `from runs where ${rangeConditions(
    filter,
    branches[0],
  )} order by id desc`;
  const bindings = {
    pipelines: branches.map(branch => branch.pipeline),
    states: branches.map(branch => branch.state),
    wantedPipelines: filter.pipelines === 'all' ? [] : filter.pipelines,
    wantedStates: filter.states ?? [],
    wantedTriggers: filter.triggers ?? [],
    from: filter.from ?? null,
    before: filter.before ?? null,
    limit,
    budget: Math.ceil(options.scanBudget / branches.length),
  };
  const matches = residual
    ? `select ${columns} from (select ${columns} ${range} limit :budget) scanned
        where ${residual} order by id desc limit :limit`
    : `select ${columns} ${range} limit :limit`;
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `select matching.* from ${BRANCHES} cross join lateral (${matches}) matching
      order by matching.id desc limit :limit`,
    bindings,
  );
  if (!residual || (branches.length === 1 && rows.length === limit)) {
    return { rows };
  }
  const ends = await knex.raw<{ rows: { id: string }[] }>(
    `select ended.id from ${BRANCHES}
      cross join lateral (select id ${range} limit 1 offset :budget - 1) ended
      order by ended.id desc limit 1`,
    bindings,
  );
  return cutAt(ends.rows[0]?.id, rows, limit);
}

/** Below the id where one branch gave up, others may have found rows that come later in the list. */
function cutAt<TRow extends { id: string }>(
  end: string | undefined,
  rows: TRow[],
  limit: number,
): RunListRows<TRow> {
  if (!end) {
    return { rows };
  }
  const complete = rows.filter(row => row.id >= end);
  return complete.length === limit
    ? { rows }
    : { rows: complete, searchedBackTo: end };
}

function branchesOf({ pipelines, states }: RunListFilter): Branch[] {
  const few =
    pipelines !== 'all' && pipelines.length <= MAX_PIPELINE_BRANCHES
      ? [...new Set(pipelines)]
      : undefined;
  if (few) {
    return states && few.length * states.length <= MAX_BRANCHES
      ? few.flatMap(pipeline => states.map(state => ({ pipeline, state })))
      : few.map(pipeline => ({ pipeline, state: null }));
  }
  // Most runs succeed, so they are in no index of states: the newest of all find them soon.
  return states && !states.includes('succeeded')
    ? states.map(state => ({ pipeline: null, state }))
    : [{ pipeline: null, state: null }];
}

function rangeConditions(filter: RunListFilter, branch: Branch): string {
  return [
    'true',
    ...(branch.pipeline ? ['pipeline_id = branch.pipeline'] : []),
    ...(branch.state ? ['state = branch.state'] : []),
    ...(branch.state && !branch.pipeline ? [`state <> 'succeeded'`] : []),
    ...(filter.from ? ['id >= :from'] : []),
    ...(filter.before ? ['id < :before'] : []),
  ].join(' and ');
}

function residualConditions(filter: RunListFilter, branch: Branch): string {
  return [
    ...(filter.pipelines !== 'all' && !branch.pipeline
      ? ['pipeline_id = any(:wantedPipelines)']
      : []),
    ...(filter.states && !branch.state ? ['state = any(:wantedStates)'] : []),
    ...(filter.triggers ? ['trigger = any(:wantedTriggers)'] : []),
  ].join(' and ');
}
