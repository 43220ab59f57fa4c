export { RunGrid, type RunGridProps } from './RunGrid';
export { pipelineGridOptions, timelineKeys } from './timelineQueries';
export { usePipelineGrid } from './useTimeline';
