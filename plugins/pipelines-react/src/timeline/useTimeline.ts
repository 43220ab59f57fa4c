import { useQuery } from '@tanstack/react-query';
import type {
  PipelineGridFilter,
  TimelineFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { pipelineGridOptions, timelineOptions } from './timelineQueries';

/** The newest runs of a pipeline with their steps; the old ones stay while others load. @public */
export function usePipelineGrid(
  pipelineId: string,
  filter: PipelineGridFilter = {},
) {
  return useQuery(pipelineGridOptions(usePipelinesApi(), pipelineId, filter));
}

/** What all pipelines executed in a window, and what is planned; the last window stays while another loads. @public */
export function useTimeline(filter: TimelineFilter) {
  return useQuery(timelineOptions(usePipelinesApi(), filter));
}
