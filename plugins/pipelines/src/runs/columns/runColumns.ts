/** Every column that the runs list can have beside the one of its menu, in a useful order. */
export const RUN_COLUMNS = [
  'state',
  'run',
  'by',
  'attempt',
  'queued',
  'started',
  'finished',
  'duration',
  'word',
  'pipeline',
  'owner',
  'entity',
  'engine',
  'worker',
  'priority',
  'labels',
] as const;

/** One of {@link RUN_COLUMNS}. */
export type RunColumn = (typeof RUN_COLUMNS)[number];

/** The columns when nobody has chosen. */
export const DEFAULT_COLUMNS: readonly RunColumn[] = [
  'state',
  'run',
  'by',
  'attempt',
  'started',
  'duration',
  'word',
];

/** The column that leads to the run, so that it is always there. */
export const FIXED_COLUMN: RunColumn = 'run';

/** Whether the text names a column. */
export function isRunColumn(text: unknown): text is RunColumn {
  return RUN_COLUMNS.some(column => column === text);
}

/** The columns in this order, each once, with the one that is always there. */
export function tidyColumns(wanted: readonly unknown[]): RunColumn[] {
  const columns = [...new Set(wanted.filter(isRunColumn))];
  return columns.includes(FIXED_COLUMN) ? columns : [FIXED_COLUMN, ...columns];
}

/** The same columns with this one a place further up (`-1`) or down (`1`). */
export function moveColumn(
  columns: readonly RunColumn[],
  column: RunColumn,
  by: -1 | 1,
): RunColumn[] {
  const from = columns.indexOf(column);
  const to = from + by;
  if (from < 0 || to < 0 || to >= columns.length) {
    return [...columns];
  }
  const moved = [...columns];
  [moved[from], moved[to]] = [moved[to], moved[from]];
  return moved;
}

/** Whether these are the columns that a list has by itself. */
export function areDefaultColumns(columns: readonly RunColumn[]): boolean {
  return columns.join() === DEFAULT_COLUMNS.join();
}
