export {
  comparisonKeys,
  runChangesOptions,
  usualDurationOptions,
} from './comparisonQueries';
export { useRunChanges, useUsualDuration } from './useComparison';
