export { PipelineAccess, type PipelineSet } from './PipelineAccess';
export {
  createPipelineConditionalDecision,
  pipelineConditions,
  pipelineResourceRef,
  pipelineRules,
  type PipelineResource,
  type PipelineResourceFilter,
} from './rules';
