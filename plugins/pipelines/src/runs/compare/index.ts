export { CompareItem } from './CompareItem';
export { ComparePage } from './ComparePage';
export { compareSearch } from './useCompareUrl';
