export { comparisonKeys, runChangesOptions } from './comparisonQueries';
export { useRunChanges } from './useComparison';
