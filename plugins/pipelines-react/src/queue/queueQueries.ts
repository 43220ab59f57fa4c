import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_ROWS } from '../live/liveMeta';

/** Which queued runs; `limit` is 1 to 200 to a page, by default 50. @public */
export interface QueuedRunsFilter {
  pipeline?: readonly string[];
  limit?: number;
}

/** Keys of the cached answers about the queue and its workers. @public */
export const queueKeys = {
  all: ['pipelines', 'queue'] as const,
  queue: () => ['pipelines', 'queue', 'state'] as const,
  runs: (filter: QueuedRunsFilter) =>
    ['pipelines', 'queue', 'runs', filter] as const,
  workers: () => ['pipelines', 'queue', 'workers'] as const,
};

/** How the queue stands, in all and per pipeline. @public */
export const queueOptions = (api: PipelinesApi) =>
  queryOptions({
    queryKey: queueKeys.queue(),
    queryFn: ({ signal }) => api.queue.read({ signal }),
    meta: LIVE_ROWS,
  });

/** Pages of queued runs, most urgent first. @public */
export const queuedRunsOptions = (
  api: PipelinesApi,
  filter: QueuedRunsFilter,
) =>
  infiniteQueryOptions({
    queryKey: queueKeys.runs(filter),
    queryFn: ({ pageParam, signal }) =>
      api.queue.listRuns({ ...filter, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    placeholderData: keepPreviousData,
    meta: LIVE_ROWS,
  });

/** Workers with their slots and heartbeats, newest first. @public */
export const workersOptions = (api: PipelinesApi) =>
  queryOptions({
    queryKey: queueKeys.workers(),
    queryFn: async ({ signal }) =>
      (await api.queue.listWorkers({ signal })).items,
    meta: LIVE_ROWS,
  });
