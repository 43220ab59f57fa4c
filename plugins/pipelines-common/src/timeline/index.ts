export * from './schema';
export {
  TimelineClient,
  type PipelineGridFilter,
  type TimelineFilter,
} from './TimelineClient';
