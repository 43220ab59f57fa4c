export { AuthorizedComparisonService } from './AuthorizedComparisonService';
export { ComparisonService } from './ComparisonService';
export { createComparisonRouter } from './routes';
