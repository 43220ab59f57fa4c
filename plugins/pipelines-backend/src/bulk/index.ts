export { AuthorizedBulkService } from './AuthorizedBulkService';
export { BULK_PIPELINE_ID, bulkDefinition } from './bulkDefinition';
export { BulkExecution } from './BulkExecution';
export { BulkService } from './BulkService';
export { createBulkRouter } from './routes';
