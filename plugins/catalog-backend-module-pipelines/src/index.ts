/**
 * Brings the pipelines of Millrace into the catalog of Backstage.
 *
 * @packageDocumentation
 */
export { catalogModulePipelines as default } from './module';
