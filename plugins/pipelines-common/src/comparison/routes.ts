import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import { RunChangesSchema } from './schema';

/** What earlier runs of its pipeline tell of a run. @public */
export const comparisonRoutes = {
  getRunChanges: {
    method: 'get',
    path: '/runs/:runId/changes',
    summary: 'Read what differs between a run and the last success before it',
    permission: runReadPermission,
    response: RunChangesSchema,
  },
} as const satisfies Record<string, ApiRoute>;
