export {
  AuthorizedPipelinesService,
  type PipelineActivity,
} from './AuthorizedPipelinesService';
export { AllowedFolders, type CheckedFolder } from './AllowedFolders';
export { CronPattern } from './cronPattern';
export {
  DefinitionsService,
  type DefinitionsServiceOptions,
} from './DefinitionsService';
export { PORTAL_SCOPE, scopeOf } from './EffectiveSettings';
export { sentenceOf, type PatchProblem } from './FittedPatch';
export { defaultsOf } from './parameters';
export {
  applyPipelineSettings,
  fitPipelineSettings,
  outputBaseOf,
  parametersWithDefault,
} from './pipelineSettings';
export {
  applyPortalSettings,
  fitPortalSettings,
  resolveWatchFolder,
} from './portalSettings';
export {
  readDefinitionsConfig,
  type EngineChecks,
} from './readDefinitionsConfig';
export { readPortalConfig } from './readPortalConfig';
export { renderTemplate, renderTitle } from './renderTitle';
export { createPipelinesRouter } from './routes';
export type {
  ConfiguredPortal,
  KnownPipeline,
  PipelineDefinition,
  PortalSettings,
  WatchSettings,
} from './types';
