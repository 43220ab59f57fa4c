import type { ApiRoute } from '../http/apiRoute';
import { HealthSchema } from './schema';

/** Operations on health. @public */
export const healthRoutes = {
  getHealth: {
    method: 'get',
    path: '/health',
    summary: 'Whether database, queue, workers and live updates work',
    response: HealthSchema,
  },
} as const satisfies Record<string, ApiRoute>;
