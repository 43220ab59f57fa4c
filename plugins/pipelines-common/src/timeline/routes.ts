import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import { PipelineGridQuerySchema, PipelineGridSchema } from './schema';

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
} as const satisfies Record<string, ApiRoute>;
