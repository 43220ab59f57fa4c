/**
 * Backend of Millrace: runs, queue, worker, engines, logs, artifacts and statistics.
 *
 * @packageDocumentation
 */
export {
  createPipelineConditionalDecision,
  pipelineConditions,
  pipelineResourceRef,
  pipelineRules,
  type PipelineResource,
  type PipelineResourceFilter,
} from './permissions';
export { pipelinesPlugin as default } from './plugin';
