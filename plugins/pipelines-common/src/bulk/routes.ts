import type { ApiRoute } from '../http/apiRoute';
import {
  runControlPermission,
  runReadPermission,
} from '../permissions/permissions';
import {
  BulkRequestSchema,
  BulkResponseSchema,
  BulkSchema,
  ListBulkItemsQuerySchema,
  ListBulkItemsResponseSchema,
} from './schema';

/** Operations on bulk actions. @public */
export const bulkRoutes = {
  bulkRuns: {
    method: 'post',
    path: '/runs/bulk',
    summary: 'Do something to many runs, or say what it would do',
    permission: runControlPermission,
    status: 201,
    body: BulkRequestSchema,
    response: BulkResponseSchema,
  },
  getBulk: {
    method: 'get',
    path: '/runs/bulk/:bulkId',
    summary: 'Read a bulk action with its progress',
    permission: runReadPermission,
    response: BulkSchema,
  },
  listBulkItems: {
    method: 'get',
    path: '/runs/bulk/:bulkId/items',
    summary: 'List what became of each run of a bulk action',
    permission: runReadPermission,
    query: ListBulkItemsQuerySchema,
    response: ListBulkItemsResponseSchema,
  },
} as const satisfies Record<string, ApiRoute>;
