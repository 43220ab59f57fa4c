export { CalendarHeatMap, type CalendarHeatMapProps } from './CalendarHeatMap';
export type { CalendarMetric } from './CalendarHeatMap.model';
export {
  FleetTimeline,
  type FleetTimelineProps,
  type TimelineView,
} from './FleetTimeline';
export { timelineCountsOf, type TimelineCounts } from './FleetTimeline.model';
export { RunGrid, type RunGridProps } from './RunGrid';
export {
  pipelineGridOptions,
  timelineKeys,
  timelineOptions,
} from './timelineQueries';
export { usePipelineGrid, useTimeline } from './useTimeline';
