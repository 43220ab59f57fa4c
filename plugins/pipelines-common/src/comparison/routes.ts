import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import { RunChangesSchema, UsualDurationSchema } from './schema';

/** What earlier runs of its pipeline tell of a run. @public */
export const comparisonRoutes = {
  getRunChanges: {
    method: 'get',
    path: '/runs/:runId/changes',
    summary: 'Read what differs between a run and the last success before it',
    permission: runReadPermission,
    response: RunChangesSchema,
  },
  getUsualDuration: {
    method: 'get',
    path: '/runs/:runId/usual-duration',
    summary: 'Read how long the last successes before a run took',
    permission: runReadPermission,
    response: UsualDurationSchema,
  },
} as const satisfies Record<string, ApiRoute>;
