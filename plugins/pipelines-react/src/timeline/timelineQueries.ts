import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { PipelineGridFilter } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_ROWS } from '../live/liveMeta';

/** Keys of the cached answers about runs side by side. @public */
export const timelineKeys = {
  all: ['pipelines', 'timeline'] as const,
  grid: (pipelineId: string, filter: PipelineGridFilter) =>
    ['pipelines', 'timeline', 'grid', pipelineId, filter] as const,
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
