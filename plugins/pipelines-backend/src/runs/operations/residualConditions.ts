import type { RunTrigger } from '@millrace/backstage-plugin-pipelines-common';
import type { RunRow } from '../types';

/** Conditions of the runs list that no index answers. */
export interface ResidualFilter {
  triggers?: readonly RunTrigger[];
  /** Only runs of other pipelines. */
  notPipelines?: readonly string[];
  notTriggers?: readonly RunTrigger[];
  /** Who has submitted them, any of these. */
  submitters?: readonly string[];
  /** All of these. */
  labels?: Readonly<Record<string, string>>;
  /** In title, error message, summary, id or parameters; taken literally. */
  text?: string;
  /** Least execution time, in seconds. */
  minDuration?: number;
  /** Most execution time, in seconds. */
  maxDuration?: number;
}

/** A condition in SQL, the columns that it looks at, and what it is bound to. */
export interface Residual {
  condition: string;
  columns: readonly (keyof RunRow)[];
  bindings: Readonly<Record<string, unknown>>;
}

/**
 * Without the time that a run stood still; null when it never started. As the list shows it: of
 * a run that is not over, until now.
 */
const EXECUTED_SECONDS = `case when started_at is not null then greatest(0,
  extract(epoch from coalesce(finished_at, now()) - started_at) - paused_ms / 1000.0
    - coalesce(extract(epoch from now() - paused_at), 0)) end`;

const DURATION_COLUMNS = [
  'started_at',
  'finished_at',
  'paused_ms',
  'paused_at',
] as const;

/** Bytes of a row that a text is looked for in, as they are stored. */
export const TEXT_BYTES = `(pg_column_size(parameters) + pg_column_size(title)
  + coalesce(pg_column_size(error_message), 0) + coalesce(pg_column_size(summary), 0))`;

/** Digits of an id from which on a text is taken for the beginning of one. */
const MIN_ID_DIGITS = 8;

/** What is bound has the name of its field of the filter; the cheap conditions come first. */
export function residualsOf(filter: ResidualFilter): Residual[] {
  const residuals: Residual[] = [];
  const add = (
    name: keyof ResidualFilter,
    condition: string,
    columns: readonly (keyof RunRow)[],
    value: unknown = filter[name],
  ) => {
    if (filter[name] !== undefined) {
      residuals.push({ condition, columns, bindings: { [name]: value } });
    }
  };
  add('triggers', 'trigger = any(:triggers)', ['trigger']);
  add('notTriggers', 'trigger <> all(:notTriggers)', ['trigger']);
  add('notPipelines', 'pipeline_id <> all(:notPipelines)', ['pipeline_id']);
  add('submitters', 'submitted_by = any(:submitters)', ['submitted_by']);
  add('minDuration', `${EXECUTED_SECONDS} >= :minDuration`, DURATION_COLUMNS);
  add('maxDuration', `${EXECUTED_SECONDS} <= :maxDuration`, DURATION_COLUMNS);
  add(
    'labels',
    'labels @> :labels::jsonb',
    ['labels'],
    JSON.stringify(filter.labels),
  );
  return filter.text === undefined
    ? residuals
    : [...residuals, textResidual(filter.text)];
}

/**
 * Secret parameters cannot be found: in place of each the column has a mask.
 *
 * @remarks
 * Parameters are compared as JSON text, once with the text as it is and once as it is written
 * inside of a JSON string, where quotes and backslashes are escaped.
 */
function textResidual(text: string): Residual {
  const inJson = JSON.stringify(text).slice(1, -1);
  const patterns = [...new Set([text, inJson])].map(containing);
  const id = idDigitsOf(text);
  return {
    condition: `(title ilike :pattern or error_message ilike :pattern or summary ilike :pattern
      ${id ? `or replace(id::text, '-', '') like any(:idPatterns::text[])` : ''}
      or parameters::text ilike any(:parameterPatterns::text[]))`,
    columns: ['id', 'title', 'error_message', 'summary', 'parameters'],
    bindings: {
      pattern: containing(text),
      parameterPatterns: patterns,
      // Its end, too, because that is what lists show of it.
      ...(id && { idPatterns: [`${id}%`, `%${id}`] }),
    },
  };
}

function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Undefined when the text cannot be of an id. */
function idDigitsOf(text: string): string | undefined {
  const digits = text.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{1,32}$/.test(digits) && digits.length >= MIN_ID_DIGITS
    ? digits
    : undefined;
}
