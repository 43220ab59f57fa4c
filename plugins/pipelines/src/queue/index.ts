export { QueueRouter } from './QueueRouter';
