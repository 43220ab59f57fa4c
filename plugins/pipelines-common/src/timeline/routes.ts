import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  PipelineGridQuerySchema,
  PipelineGridSchema,
  TimelineQuerySchema,
  TimelineSchema,
} from './schema';

/** Operations that show runs side by side. @public */
export const timelineRoutes = {
  getPipelineGrid: {
    method: 'get',
    path: '/pipelines/:pipelineId/grid',
    summary: 'Read the newest runs of a pipeline with their steps',
    permission: runReadPermission,
    query: PipelineGridQuerySchema,
    response: PipelineGridSchema,
  },
  getTimeline: {
    method: 'get',
    path: '/timeline',
    summary: 'Read what pipelines executed in a window, and what is planned',
    permission: runReadPermission,
    query: TimelineQuerySchema,
    response: TimelineSchema,
  },
} as const satisfies Record<string, ApiRoute>;
