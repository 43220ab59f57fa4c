export { BulkBar } from './BulkBar';
export { BulkPage } from './BulkPage';
