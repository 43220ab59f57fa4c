export { BulkClient } from './BulkClient';
export * from './schema';
