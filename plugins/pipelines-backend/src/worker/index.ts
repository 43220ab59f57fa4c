export { readHostIdentity } from './hostIdentity';
export { readWorkerConfig, type WorkerConfig } from './readWorkerConfig';
export { RemoveFoldersTask } from './tasks/RemoveFoldersTask';
export type {
  AttemptArtifacts,
  AttemptFile,
  AttemptLogs,
  AttemptSecrets,
} from './types';
export { Worker, type WorkerOptions } from './Worker';
