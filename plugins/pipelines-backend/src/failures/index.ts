export { AuthorizedFailuresService } from './AuthorizedFailuresService';
export { DatabaseFailuresStore } from './DatabaseFailuresStore';
export { templateOf } from './fingerprint';
export { FailuresService } from './FailuresService';
export { createFailuresRouter } from './routes';
export { GroupFailuresTask } from './tasks/GroupFailuresTask';
export { PruneFailureCountsTask } from './tasks/PruneFailureCountsTask';
