export { PipelinesResultItem } from './PipelinesResultItem';
export { PipelinesSearchFilters } from './PipelinesSearchFilters';
