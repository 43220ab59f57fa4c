export * from './schema';
export { ViewsClient } from './ViewsClient';
