export {
  definitionsKeys,
  listPipelinesOptions,
  pipelineOptions,
  type PipelinesFilter,
} from './definitionsQueries';
export { ScheduleText, type ScheduleTextProps } from './ScheduleText';
export { usePipeline, usePipelines } from './usePipelines';
export {
  pipelineTriggersOptions,
  useBackfill,
  useBackfillPreview,
  usePipelineTriggers,
} from './triggersQueries';
