import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  PipelineGridFilter,
  TimelineFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_COUNTS, LIVE_ROWS } from '../live/liveMeta';

/** Keys of the cached answers about runs side by side. @public */
export const timelineKeys = {
  all: ['pipelines', 'timeline'] as const,
  grid: (pipelineId: string, filter: PipelineGridFilter) =>
    ['pipelines', 'timeline', 'grid', pipelineId, filter] as const,
  window: (filter: TimelineFilter) =>
    ['pipelines', 'timeline', 'window', filter] as const,
};

/** The newest runs of a pipeline with their steps. @public */
export const pipelineGridOptions = (
  api: PipelinesApi,
  pipelineId: string,
  filter: PipelineGridFilter = {},
) =>
  queryOptions({
    queryKey: timelineKeys.grid(pipelineId, filter),
    queryFn: ({ signal }) => api.timeline.grid(pipelineId, filter, { signal }),
    placeholderData: keepPreviousData,
    meta: LIVE_ROWS,
  });

/** What all pipelines executed in a window, and what is planned. @public */
export const timelineOptions = (api: PipelinesApi, filter: TimelineFilter) =>
  queryOptions({
    queryKey: timelineKeys.window(filter),
    queryFn: ({ signal }) => api.timeline.read(filter, { signal }),
    placeholderData: keepPreviousData,
    meta: LIVE_COUNTS,
  });
