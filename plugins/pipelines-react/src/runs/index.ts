export { bulkItemsOptions, bulkKeys, bulkOptions } from './bulkQueries';
export {
  useBulk,
  useBulkItems,
  useBulkPreview,
  useSubmitBulk,
} from './useBulk';
export {
  listRunsOptions,
  parameterSetsOptions,
  runArtifactsOptions,
  runAttemptsOptions,
  runEventsOptions,
  runNeighboursOptions,
  runOptions,
  runOutputsOptions,
  runsKeys,
  runStepsOptions,
} from './runsQueries';
export {
  useCancelRun,
  usePauseRun,
  useResumeRun,
  useRetryRun,
  useSubmitRun,
  useUpdateRun,
  type CancelRunVariables,
  type PauseRunVariables,
  type ResumeRunVariables,
  type RetryRunVariables,
  type SubmitRunVariables,
  type UpdateRunVariables,
} from './useRunActions';
export {
  useParameterSets,
  useRun,
  useRunArtifacts,
  useRunAttempts,
  useRunEvents,
  useRunNeighbours,
  useRunOutputs,
  useRuns,
  useRunSteps,
  type UseRunsOptions,
} from './useRuns';
export {
  ArtifactAccess,
  ArtifactDownload,
  ArtifactPreview,
  type ArtifactProps,
} from './ArtifactPreview';
export {
  defaultParameters,
  ParamsForm,
  readDataUrl,
  validateParameters,
  withoutSecrets,
  type DataUrlFacts,
  type Parameters,
  type ParamsFormProps,
  type ParamsProblem,
  type ParamsValidity,
} from './form';
export { OutputCard, type OutputCardProps } from './OutputCard';
export {
  RunEventsTimeline,
  RunEventTitle,
  type RunEventsTimelineProps,
} from './RunEventsTimeline';
export { StepTimeline, type StepTimelineProps } from './StepTimeline';
