export {
  queuedRunsOptions,
  queueKeys,
  queueOptions,
  workersOptions,
  type QueuedRunsFilter,
} from './queueQueries';
export { useQueue, useQueuedRuns, useWorkers } from './useQueue';
export {
  useClearPreview,
  useClearQueue,
  useDrainWorker,
  usePauseQueue,
  useResumeQueue,
  type DrainWorkerVariables,
  type PauseQueueVariables,
  type ResumeQueueVariables,
} from './useQueueActions';
