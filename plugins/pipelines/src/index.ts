/**
 * The Pipelines page, run page and entity tab of Millrace, for the new frontend system.
 *
 * @packageDocumentation
 */
export { pipelinesPlugin as default } from './plugin';
export {
  definitionsRouteRef,
  entityRunsRouteRef,
  overviewRouteRef,
  pipelineRouteRef,
  queueRouteRef,
  rootRouteRef,
  runRouteRef,
  runsRouteRef,
} from './routes';
export { pipelinesTranslationRef } from './translation';
