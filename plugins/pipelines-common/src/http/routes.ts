import { artifactsRoutes } from '../artifacts/routes';
import { bulkRoutes } from '../bulk/routes';
import { comparisonRoutes } from '../comparison/routes';
import { definitionsRoutes } from '../definitions/routes';
import { failuresRoutes } from '../failures/routes';
import { healthRoutes } from '../health/routes';
import { logsRoutes } from '../logs/routes';
import { queueRoutes } from '../queue/routes';
import { reportersRoutes } from '../reporters/routes';
import { runsRoutes } from '../runs/routes';
import { schedulesRoutes } from '../schedules/routes';
import { settingsRoutes } from '../settings/routes';
import { statsRoutes } from '../stats/routes';
import { timelineRoutes } from '../timeline/routes';
import { viewsRoutes } from '../views/routes';
import type { ApiRoute } from './apiRoute';

/**
 * Every operation of the HTTP API, in the order of the documentation.
 *
 * @remarks
 * The backend mounts exactly these, the client calls these, `openapi.json` is emitted from
 * these, and the permission matrix test has one row for each.
 *
 * @public
 */
export const API_ROUTES = {
  ...definitionsRoutes,
  ...runsRoutes,
  ...bulkRoutes,
  ...logsRoutes,
  ...artifactsRoutes,
  ...statsRoutes,
  ...timelineRoutes,
  ...failuresRoutes,
  ...viewsRoutes,
  ...comparisonRoutes,
  ...queueRoutes,
  ...schedulesRoutes,
  ...settingsRoutes,
  ...reportersRoutes,
  ...healthRoutes,
  getOpenApi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    mediaType: 'application/json',
  },
} as const satisfies Record<string, ApiRoute>;

/** Name of an operation of the API. @public */
export type ApiOperation = keyof typeof API_ROUTES;
