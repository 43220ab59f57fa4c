/**
 * Makes the pipelines and failed runs of Millrace findable in the search of Backstage.
 *
 * @packageDocumentation
 */
export { searchModulePipelines as default } from './module';
