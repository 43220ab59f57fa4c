export * from './schema';
export { TimelineClient, type PipelineGridFilter } from './TimelineClient';
