import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  StatsHistoryQuerySchema,
  StatsHistorySchema,
  StatsQuerySchema,
  StatsSchema,
} from './schema';

/** Operations on statistics. @public */
export const statsRoutes = {
  getStats: {
    method: 'get',
    path: '/stats',
    summary: 'Count runs and average their durations over a window',
    permission: runReadPermission,
    query: StatsQuerySchema,
    response: StatsSchema,
  },
  getStatsHistory: {
    method: 'get',
    path: '/stats/history',
    summary: 'The same per hour or day',
    permission: runReadPermission,
    query: StatsHistoryQuerySchema,
    response: StatsHistorySchema,
  },
} as const satisfies Record<string, ApiRoute>;
