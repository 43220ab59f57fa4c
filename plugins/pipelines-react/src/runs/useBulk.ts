import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import {
  isTerminalRunState,
  type BulkItem,
  type BulkRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { useRefresh } from '../live/useRefresh';
import { bulkItemsOptions, bulkKeys, bulkOptions } from './bulkQueries';
import { invalidateAfterAction } from './runsQueries';

/** Its progress changes no run, so no signal tells of it. */
const PROGRESS_EVERY_MS = 2_000;

/** A bulk action with its progress; read every 2 s until it is over, unless live updates are paused. @public */
export function useBulk(bulkId: string) {
  const { state: live } = useRefresh();
  return useQuery({
    ...bulkOptions(usePipelinesApi(), bulkId),
    refetchInterval: ({ state }) =>
      live.kind !== 'paused' &&
      state.data !== undefined &&
      !isTerminalRunState(state.data.state)
        ? PROGRESS_EVERY_MS
        : false,
  });
}

/** Pages of what became of each run of a bulk action; `state` shows only some. @public */
export function useBulkItems(bulkId: string, state?: BulkItem['state']) {
  return useInfiniteQuery({
    ...bulkItemsOptions(usePipelinesApi(), bulkId, state),
    placeholderData: keepPreviousData,
  });
}

/**
 * What a bulk action would do now; nothing is asked while the request is undefined.
 *
 * @remarks
 * It is never answered from the cache: a number that one confirms has to be true.
 *
 * @public
 */
export function useBulkPreview(request: BulkRequest | undefined) {
  const api = usePipelinesApi();
  return useQuery({
    queryKey: bulkKeys.preview(request),
    queryFn: ({ signal }) =>
      api.bulk.preview(request as BulkRequest, { signal }),
    enabled: request !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Begins a bulk action; 409 when the number of runs is not `expected` any more. @public */
export function useSubmitBulk() {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (request: BulkRequest) => api.bulk.submit(request),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}
