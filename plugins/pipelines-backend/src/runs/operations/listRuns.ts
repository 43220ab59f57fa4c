import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { RunRow } from '../types';
import {
  residualsOf,
  TEXT_BYTES,
  type Residual,
  type ResidualFilter,
} from './residualConditions';

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

/** A row of the table `runs` as lists read it. */
export type RunListRow = Pick<RunRow, (typeof RUN_LIST_COLUMNS)[number]>;

/** Up to this many pipelines are read one by one from their own index ranges. */
const MAX_PIPELINE_BRANCHES = 20;
/** Up to this many ranges are read and merged for one page. */
const MAX_BRANCHES = 60;
/** Of more states than these, most of the newest runs are in one, so that they are just compared. */
const MAX_STATE_BRANCHES = 6;

/** Which runs a list wants; times are bounds of ids. */
export interface RunListFilter extends ResidualFilter {
  pipelines: PipelineSet;
  states?: readonly RunState[];
  /** Only runs that ended with this failure. */
  fingerprint?: string;
  /** Only ids that are not less. */
  from?: string;
  /** Only lesser ids. */
  before?: string;
  /** Only greater ids. */
  after?: string;
  /** Oldest first; default newest first. */
  isOldestFirst?: boolean;
}

/** Rows of a page, and where the search ended when it did for its budget; see `isOldestFirst`. */
export interface RunListRows<TRow = RunListRow> {
  rows: TRow[];
  /** Every match down to this id, or up to it, is among the rows; others were not looked for. */
  searchedBackTo?: string;
}

/** One range of an index in which the newest rows come first. */
interface Branch {
  pipeline: string | null;
  state: RunState | null;
}

const BRANCHES =
  'unnest(:pipelines::text[], :states::text[]) as branch (pipeline, state)';

/** How much text the rows before a row have, in the order of the list. */
function bytesBefore(order: string): string {
  return `sum(${TEXT_BYTES}) over (order by ${order} rows unbounded preceding)
    - ${TEXT_BYTES} as bytes_before`;
}

/**
 * The newest runs that match, newest first; or the oldest, oldest first.
 *
 * @remarks
 * Reads the first of each index range that together hold the matches, and merges them. What an
 * index cannot answer is filtered from at most `scanBudget` rows, and a text is looked for in no
 * row after the first `textBudget` bytes.
 */
export async function listRuns<
  TColumn extends keyof RunListRow = keyof RunListRow,
>(options: {
  knex: Knex;
  filter: RunListFilter;
  limit: number;
  scanBudget: number;
  textBudget: number;
  /** Default all that a list shows. */
  columns?: readonly TColumn[];
}): Promise<RunListRows<Pick<RunListRow, TColumn | 'id'>>> {
  type Row = Pick<RunListRow, TColumn | 'id'>;
  const { knex, filter, limit } = options;
  const direction = filter.isOldestFirst ? 'asc' : 'desc';
  const order = `id ${direction}`;
  const branches = branchesOf(filter);
  if (branches.length === 0) {
    return { rows: [] };
  }
  const residuals = [
    ...branchResiduals(filter, branches[0]),
    ...residualsOf(filter),
  ];
  const wanted = ['id', ...(options.columns ?? RUN_LIST_COLUMNS)];
  const columns = listOf(wanted);
  const range = `from runs where ${rangeConditions(
    filter,
    branches[0],
  )} order by ${order}`;
  const bindings = {
    pipelines: branches.map(branch => branch.pipeline),
    states: branches.map(branch => branch.state),
    fingerprint: filter.fingerprint ?? null,
    from: filter.from ?? null,
    before: filter.before ?? null,
    after: filter.after ?? null,
    limit,
    budget: Math.ceil(options.scanBudget / branches.length),
    textBudget: Math.ceil(options.textBudget / branches.length),
    ...Object.fromEntries(
      residuals.flatMap(residual => Object.entries(residual.bindings)),
    ),
  };
  const isResidual = residuals.length > 0;
  const conditions = residuals.map(residual => residual.condition);
  const scanned = listOf([
    ...wanted,
    ...residuals.flatMap(residual => residual.columns),
  ]);
  const scan =
    filter.text === undefined
      ? `select ${scanned} ${range} limit :budget`
      : `select ${scanned} from (select ${scanned}, ${bytesBefore(
          order,
        )} ${range} limit :budget) weighed
          where bytes_before < :textBudget`;
  const matches = isResidual
    ? `select ${columns} from (${scan}) scanned
        where ${conditions.join(' and ')} order by ${order} limit :limit`
    : `select ${columns} ${range} limit :limit`;
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `select matching.* from ${BRANCHES} cross join lateral (${matches}) matching
      order by matching.${order} limit :limit`,
    bindings,
  );
  if (!isResidual || (branches.length === 1 && rows.length === limit)) {
    return { rows };
  }
  const ends = await knex.raw<{ rows: { id: string }[] }>(
    `select ended.id from ${BRANCHES}
      cross join lateral (${
        filter.text === undefined
          ? `select id ${range} limit 1 offset :budget - 1`
          : `select id from (select id, ${TEXT_BYTES} as bytes, ${bytesBefore(
              order,
            )},
               row_number() over (order by ${order}) as place ${range} limit :budget) weighed
              where place = :budget
                or (bytes_before < :textBudget and bytes_before + bytes >= :textBudget)
              order by ${order} limit 1`
      }) ended
      order by ended.${order} limit 1`,
    bindings,
  );
  return cutAt(ends.rows[0]?.id, rows, options);
}

/** Beyond the id where one branch gave up, others may have found rows that come later in the list. */
function cutAt<TRow extends { id: string }>(
  end: string | undefined,
  rows: TRow[],
  { filter, limit }: { filter: RunListFilter; limit: number },
): RunListRows<TRow> {
  if (!end) {
    return { rows };
  }
  const complete = rows.filter(row =>
    filter.isOldestFirst ? row.id <= end : row.id >= end,
  );
  return complete.length === limit
    ? { rows }
    : { rows: complete, searchedBackTo: end };
}

function branchesOf(filter: RunListFilter): Branch[] {
  const { pipelines, states, fingerprint } = filter;
  if (fingerprint !== undefined) {
    // The runs of a failure are a range of an index of their own.
    return [{ pipeline: null, state: null }];
  }
  const few =
    pipelines !== 'all' && pipelines.length <= MAX_PIPELINE_BRANCHES
      ? [...new Set(pipelines)]
      : undefined;
  if (few) {
    const isMost =
      states?.includes('succeeded') && states.length > MAX_STATE_BRANCHES;
    return states && !isMost && few.length * states.length <= MAX_BRANCHES
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
    ...(filter.fingerprint === undefined ? [] : ['fingerprint = :fingerprint']),
    ...(filter.from ? ['id >= :from'] : []),
    ...(filter.before ? ['id < :before'] : []),
    ...(filter.after ? ['id > :after'] : []),
  ].join(' and ');
}

/** What the chosen ranges leave open of pipelines and states. */
function branchResiduals(filter: RunListFilter, branch: Branch): Residual[] {
  const residuals: Residual[] = [];
  if (filter.pipelines !== 'all' && !branch.pipeline) {
    residuals.push({
      condition: 'pipeline_id = any(:wantedPipelines)',
      columns: ['pipeline_id'],
      bindings: { wantedPipelines: filter.pipelines },
    });
  }
  if (filter.states && !branch.state) {
    residuals.push({
      condition: 'state = any(:wantedStates)',
      columns: ['state'],
      bindings: { wantedStates: filter.states },
    });
  }
  return residuals;
}

/** Columns in SQL, each once. */
function listOf(columns: readonly string[]): string {
  return [...new Set(columns)].join(', ');
}
