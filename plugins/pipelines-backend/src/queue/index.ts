export { AuthorizedQueueService } from './AuthorizedQueueService';
export { DatabaseRunQueue } from './DatabaseRunQueue';
export { Loop } from './Loop';
export { createQueueRouter } from './routes';
export { PruneWorkersTask } from './tasks/PruneWorkersTask';
export { SweepLeasesTask } from './tasks/SweepLeasesTask';
export * from './types';
