export {
  PipelineAccess,
  type PipelineSet,
  type PipelineTarget,
} from './PipelineAccess';
export {
  createPipelineConditionalDecision,
  pipelineConditions,
  pipelineResourceRef,
  pipelineRules,
  type PipelineResource,
  type PipelineResourceFilter,
} from './rules';
