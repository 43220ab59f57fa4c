export { QueueClient } from './QueueClient';
export * from './schema';
export * from './waiting';
