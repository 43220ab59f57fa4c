import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_COUNTS } from '../live/liveMeta';

/** Which pipelines; `limit` is 1 to 200 to a page, by default 50. @public */
export type PipelinesFilter = Pick<RunsFilter, 'owner' | 'entity'> & {
  limit?: number;
};

/** Keys of the cached answers about pipelines. @public */
export const definitionsKeys = {
  all: ['pipelines', 'definitions'] as const,
  list: (filter: PipelinesFilter) =>
    ['pipelines', 'definitions', 'list', filter] as const,
  one: (pipelineId: string) =>
    ['pipelines', 'definitions', 'one', pipelineId] as const,
};

/** Pages of pipelines, by title. @public */
export const listPipelinesOptions = (
  api: PipelinesApi,
  filter: PipelinesFilter,
) =>
  infiniteQueryOptions({
    queryKey: definitionsKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      api.listPipelines({ ...filter, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    meta: LIVE_COUNTS,
  });

/** One pipeline. @public */
export const pipelineOptions = (api: PipelinesApi, pipelineId: string) =>
  queryOptions({
    queryKey: definitionsKeys.one(pipelineId),
    queryFn: ({ signal }) => api.getPipeline(pipelineId, { signal }),
    meta: LIVE_COUNTS,
  });
