export {
  AuthorizedPipelinesService,
  type PipelineActivity,
} from './AuthorizedPipelinesService';
export { CronPattern } from './cronPattern';
export { DefinitionsService } from './DefinitionsService';
export {
  readDefinitionsConfig,
  type EngineChecks,
} from './readDefinitionsConfig';
export { renderTemplate, renderTitle } from './renderTitle';
export { createPipelinesRouter } from './routes';
export type { KnownPipeline, PipelineDefinition } from './types';
