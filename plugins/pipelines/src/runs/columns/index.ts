export { ColumnsButton } from './ColumnsButton';
export { RunCell } from './RunCell';
export { DEFAULT_COLUMNS, FIXED_COLUMN, type RunColumn } from './runColumns';
export { useColumnPipelines } from './useColumnPipelines';
export { useColumns } from './useColumns';
