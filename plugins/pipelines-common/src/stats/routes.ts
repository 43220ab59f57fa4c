import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  StatsHistoryQuerySchema,
  StatsHistorySchema,
  StatsByPipelineSchema,
  StatsSchema,
  StatsTotalsQuerySchema,
} from './schema';

/** Operations on statistics. @public */
export const statsRoutes = {
  getStats: {
    method: 'get',
    path: '/stats',
    summary: 'Count runs and average their durations over a window',
    permission: runReadPermission,
    query: StatsTotalsQuerySchema,
    response: StatsSchema,
  },
  getStatsByPipeline: {
    method: 'get',
    path: '/stats/pipelines',
    summary: 'The same of each pipeline, the busiest first',
    permission: runReadPermission,
    query: StatsTotalsQuerySchema,
    response: StatsByPipelineSchema,
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
