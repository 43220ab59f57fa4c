import type { ApiRoute } from '../http/apiRoute';
import {
  pipelineReadPermission,
  pipelineRunPermission,
} from '../permissions/permissions';
import { RunReceiptSchema } from '../runs/schema';
import {
  BackfillRequestSchema,
  BackfillSchema,
  PipelineTriggersSchema,
} from './schema';

/** Operations on what starts pipelines by itself. @public */
export const schedulesRoutes = {
  getPipelineTriggers: {
    method: 'get',
    path: '/pipelines/:pipelineId/triggers',
    summary: 'Read what starts a pipeline by itself',
    permission: pipelineReadPermission,
    response: PipelineTriggersSchema,
  },
  backfillPipeline: {
    method: 'post',
    path: '/pipelines/:pipelineId/backfill',
    summary: 'Submit the planned starts of a range, or say which they are',
    permission: pipelineRunPermission,
    body: BackfillRequestSchema,
    response: BackfillSchema,
  },
  fireTrigger: {
    method: 'post',
    path: '/triggers/:triggerId',
    summary:
      'Start a run by a signed webhook (Standard Webhooks); nobody needs to be signed in',
    status: 201,
    response: RunReceiptSchema,
  },
} as const satisfies Record<string, ApiRoute>;
