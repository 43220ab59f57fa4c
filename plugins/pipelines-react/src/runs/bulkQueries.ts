import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  BulkItem,
  BulkRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_ROWS } from '../live/liveMeta';

/** Keys of the cached answers about bulk actions. @public */
export const bulkKeys = {
  one: (bulkId: string) => ['pipelines', 'bulk', bulkId, 'state'] as const,
  items: (bulkId: string, state?: BulkItem['state']) =>
    ['pipelines', 'bulk', bulkId, 'items', state] as const,
  preview: (request: BulkRequest | undefined) =>
    ['pipelines', 'bulk', 'preview', request] as const,
};

/** A bulk action with its progress. @public */
export const bulkOptions = (api: PipelinesApi, bulkId: string) =>
  queryOptions({
    queryKey: bulkKeys.one(bulkId),
    queryFn: ({ signal }) => api.bulk.read(bulkId, { signal }),
    meta: LIVE_ROWS,
  });

/** Pages of what became of each run of a bulk action, in the order in which they are done. @public */
export const bulkItemsOptions = (
  api: PipelinesApi,
  bulkId: string,
  state?: BulkItem['state'],
) =>
  infiniteQueryOptions({
    queryKey: bulkKeys.items(bulkId, state),
    queryFn: ({ pageParam, signal }) =>
      api.bulk.listItems(bulkId, { state, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    meta: LIVE_ROWS,
  });
