import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  CreateViewRequestSchema,
  ListViewsQuerySchema,
  ListViewsResponseSchema,
  SavedViewSchema,
  UpdateViewRequestSchema,
} from './schema';

/** Operations on saved views; they are for people, and grant no rights on runs. @public */
export const viewsRoutes = {
  listViews: {
    method: 'get',
    path: '/views',
    summary: "List one's own saved views and those of one's teams",
    permission: runReadPermission,
    query: ListViewsQuerySchema,
    response: ListViewsResponseSchema,
  },
  getView: {
    method: 'get',
    path: '/views/:viewId',
    summary: 'Read a saved view, whosever it is, by its id',
    permission: runReadPermission,
    response: SavedViewSchema,
  },
  createView: {
    method: 'post',
    path: '/views',
    summary: 'Save a view for oneself or a team',
    permission: runReadPermission,
    status: 201,
    body: CreateViewRequestSchema,
    response: SavedViewSchema,
  },
  updateView: {
    method: 'put',
    path: '/views/:viewId',
    summary: 'Change a saved view, or whose it is',
    permission: runReadPermission,
    body: UpdateViewRequestSchema,
    response: SavedViewSchema,
  },
  deleteView: {
    method: 'delete',
    path: '/views/:viewId',
    summary: 'Delete a saved view; answers with what it was',
    permission: runReadPermission,
    response: SavedViewSchema,
  },
} as const satisfies Record<string, ApiRoute>;
