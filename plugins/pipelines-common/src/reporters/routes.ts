import type { ApiRoute } from '../http/apiRoute';
import { runReportPermission } from '../permissions/permissions';
import { RunReceiptSchema } from '../runs/schema';
import {
  ReportArtifactQuerySchema,
  ReportLogQuerySchema,
  ReportLogResponseSchema,
  ReportRunRequestSchema,
  ReportStepsRequestSchema,
} from './schema';

/** Operations on runs that are executed elsewhere. @public */
export const reportersRoutes = {
  reportRun: {
    method: 'put',
    path: '/runs/external/:reporter/:externalId',
    summary: 'Report how a run stands that is executed elsewhere; repeatable',
    permission: runReportPermission,
    body: ReportRunRequestSchema,
    response: RunReceiptSchema,
  },
  reportSteps: {
    method: 'put',
    path: '/runs/external/:reporter/:externalId/steps',
    summary: 'Report all steps of such a run',
    permission: runReportPermission,
    body: ReportStepsRequestSchema,
    response: RunReceiptSchema,
  },
  reportLog: {
    method: 'put',
    path: '/runs/external/:reporter/:externalId/logs',
    summary: 'Report the next bytes of the log of such a run',
    permission: runReportPermission,
    query: ReportLogQuerySchema,
    response: ReportLogResponseSchema,
  },
  reportArtifact: {
    method: 'put',
    path: '/runs/external/:reporter/:externalId/artifacts/:name',
    summary: 'Report a file of such a run',
    permission: runReportPermission,
    query: ReportArtifactQuerySchema,
    response: RunReceiptSchema,
  },
} as const satisfies Record<string, ApiRoute>;
