import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import { RunArtifactsResponseSchema } from './schema';

/** Operations on artifacts. @public */
export const artifactsRoutes = {
  listRunArtifacts: {
    method: 'get',
    path: '/runs/:runId/artifacts',
    summary: 'List the files that a run made',
    permission: runReadPermission,
    response: RunArtifactsResponseSchema,
  },
  getArtifactContent: {
    method: 'get',
    path: '/runs/:runId/artifacts/:artifactId/content',
    summary:
      'Read the bytes of an artifact; takes Range, and the limited user cookie',
    permission: runReadPermission,
    mediaType: 'application/octet-stream',
  },
} as const satisfies Record<string, ApiRoute>;
