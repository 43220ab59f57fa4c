export {
  listRunsOptions,
  runArtifactsOptions,
  runAttemptsOptions,
  runEventsOptions,
  runOptions,
  runOutputsOptions,
  runsKeys,
  runStepsOptions,
} from './runsQueries';
export {
  useCancelRun,
  useSubmitRun,
  type CancelRunVariables,
  type SubmitRunVariables,
} from './useRunActions';
export {
  useRun,
  useRunArtifacts,
  useRunAttempts,
  useRunEvents,
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
  validateParameters,
  type Parameters,
  type ParamsFormProps,
  type ParamsProblem,
  type ParamsValidity,
} from './form';
export { OutputCard, type OutputCardProps } from './OutputCard';
export {
  RunEventsTimeline,
  type RunEventsTimelineProps,
} from './RunEventsTimeline';
export { StepTimeline, type StepTimelineProps } from './StepTimeline';
