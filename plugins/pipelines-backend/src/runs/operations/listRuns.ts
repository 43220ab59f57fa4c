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

const LEAST_ID = '00000000-0000-0000-0000-000000000000';
const GREATEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

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

/** A row of a page, its branch, and the branches that have as many matches as a page. */
type FoundRow<TRow> = TRow & { branch_no: string; filled: string[] };

/** One range of an index in which the newest rows come first. */
interface Branch {
  pipeline: string | null;
  state: RunState | null;
}

const BRANCHES =
  'unnest(:pipelines::text[], :states::text[]) with ordinality as branch (pipeline, state, no)';

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
  const byId = `id ${direction}`;
  const branches = branchesOf(filter);
  if (branches.length === 0) {
    return { rows: [] };
  }
  const { range, order } = rangeOf(filter, branches[0], direction);
  const residuals = [
    ...branchResiduals(filter, branches[0]),
    ...residualsOf(filter),
  ];
  const wanted = ['id', ...(options.columns ?? RUN_LIST_COLUMNS)];
  const columns = listOf(wanted);
  const bindings = {
    ...boundTo(branches),
    fingerprint: filter.fingerprint ?? null,
    from: filter.from ?? LEAST_ID,
    before: filter.before ?? null,
    after: filter.after ?? null,
    to: GREATEST_ID,
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
    // Its order has to be known to be kept.
    'pipeline_id',
    'state',
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
  if (!isResidual) {
    const { rows } = await knex.raw<{ rows: Row[] }>(
      `select matching.* from ${BRANCHES} cross join lateral (${matches}) matching
        order by matching.${byId} limit :limit`,
      bindings,
    );
    return { rows };
  }
  const found = await knex.raw<{ rows: FoundRow<Row>[] }>(
    `with matching as materialized (
       select branch.no as branch_no, matching.* from ${BRANCHES} cross join lateral (${matches}) matching)
     select matching.*, array(
         select branch_no from matching group by branch_no having count(*) = :limit) as filled
       from matching order by ${byId} limit :limit`,
    bindings,
  );
  const rows = found.rows.map(row => withoutBranch<Row>(row));
  const filled = new Set(found.rows[0]?.filled.map(Number));
  // One that has filled the page alone has not come to its end, nor has it to be looked for.
  const open = branches.filter((_, index) => !filled.has(index + 1));
  if (open.length === 0) {
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
              order by ${byId} limit 1`
      }) ended
      order by ended.${byId} limit 1`,
    { ...bindings, ...boundTo(open) },
  );
  return cutAt(ends.rows[0]?.id, rows, options);
}

function withoutBranch<TRow extends object>(found: FoundRow<TRow>): TRow {
  const { branch_no, filled, ...row } = found;
  return row as unknown as TRow;
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

/**
 * A range of an index, from its first row on.
 *
 * @remarks
 * The last column before the id is compared and sorted together with it, although it is the same
 * in the whole range: so no other index has the order, and Postgres, which does not know how rare
 * a pipeline or a state is, cannot choose to walk over all runs until it has met enough of it.
 */
function rangeOf(
  filter: RunListFilter,
  branch: Branch,
  direction: 'asc' | 'desc',
): { range: string; order: string } {
  const last = lastColumn(branch);
  const key = last ? `(${last.column}, id)` : 'id';
  const bound = (id: string) => (last ? `(${last.value}, ${id})` : id);
  const conditions = [
    ...(branch.pipeline && branch.state
      ? ['pipeline_id = branch.pipeline']
      : []),
    // The partial index of states has this condition.
    ...(branch.state && !branch.pipeline ? [`state <> 'succeeded'`] : []),
    ...(filter.fingerprint === undefined ? [] : ['fingerprint = :fingerprint']),
    `${key} >= ${bound(':from::uuid')}`,
    ...(filter.after ? [`${key} > ${bound(':after::uuid')}`] : []),
    filter.before
      ? `${key} < ${bound(':before::uuid')}`
      : `${key} <= ${bound(':to::uuid')}`,
  ];
  const order = [...(last ? [last.column] : []), 'id']
    .map(column => `${column} ${direction}`)
    .join(', ');
  return {
    range: `from runs where ${conditions.join(' and ')} order by ${order}`,
    order,
  };
}

function lastColumn({ pipeline, state }: Branch) {
  if (state) {
    return { column: 'state', value: 'branch.state' };
  }
  return pipeline
    ? { column: 'pipeline_id', value: 'branch.pipeline' }
    : undefined;
}

function boundTo(branches: readonly Branch[]) {
  return {
    pipelines: branches.map(({ pipeline }) => pipeline),
    states: branches.map(({ state }) => state),
  };
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
