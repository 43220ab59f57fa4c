import type { ApiRoute } from '../http/apiRoute';
import { pipelineReadPermission } from '../permissions/permissions';
import {
  ListPipelinesQuerySchema,
  ListPipelinesResponseSchema,
  PipelineSchema,
} from './schema';

/** Operations on pipelines. @public */
export const definitionsRoutes = {
  listPipelines: {
    method: 'get',
    path: '/pipelines',
    summary: 'List pipelines with their newest runs',
    permission: pipelineReadPermission,
    query: ListPipelinesQuerySchema,
    response: ListPipelinesResponseSchema,
  },
  getPipeline: {
    method: 'get',
    path: '/pipelines/:pipelineId',
    summary: 'Read one pipeline',
    permission: pipelineReadPermission,
    response: PipelineSchema,
  },
} as const satisfies Record<string, ApiRoute>;
