import { queryOptions, useQuery } from '@tanstack/react-query';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { LIVE_COUNTS } from '../live/liveMeta';

/** Workers with their slots and heartbeats, newest first. @public */
export const workersOptions = (api: PipelinesApi) =>
  queryOptions({
    queryKey: ['pipelines', 'workers'] as const,
    queryFn: async ({ signal }) =>
      (await api.queue.listWorkers({ signal })).items,
    meta: LIVE_COUNTS,
  });

/** {@inheritDoc workersOptions} @public */
export function useWorkers() {
  return useQuery(workersOptions(usePipelinesApi()));
}
