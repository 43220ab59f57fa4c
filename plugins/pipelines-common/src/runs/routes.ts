import type { ApiRoute } from '../http/apiRoute';
import { PageQuerySchema } from '../http/page';
import {
  pipelineRunPermission,
  runControlPermission,
  runReadPermission,
} from '../permissions/permissions';
import {
  CancelRunRequestSchema,
  ParameterSetsResponseSchema,
  PauseRunRequestSchema,
  ResumeRunRequestSchema,
  RetryRunRequestSchema,
  UpdateRunRequestSchema,
} from './actions';
import {
  ListRunsQuerySchema,
  ListRunsResponseSchema,
  RunAttemptsResponseSchema,
  RunDetailSchema,
  RunEventsResponseSchema,
  RunOutputsResponseSchema,
  RunReceiptSchema,
  RunStepsQuerySchema,
  RunStepsResponseSchema,
  SubmitRunRequestSchema,
} from './schema';
import {
  RetentionPreviewQuerySchema,
  RetentionPreviewSchema,
} from './retention';

/** Operations on runs. @public */
export const runsRoutes = {
  submitRun: {
    method: 'post',
    path: '/runs',
    summary: 'Submit a run; an `Idempotency-Key` header makes it repeatable',
    permission: pipelineRunPermission,
    status: 201,
    body: SubmitRunRequestSchema,
    response: RunReceiptSchema,
  },
  triggerRun: {
    method: 'post',
    path: '/runs/trigger',
    summary: 'The same as submitting a run, under the name that consoles use',
    permission: pipelineRunPermission,
    status: 201,
    body: SubmitRunRequestSchema,
    response: RunReceiptSchema,
  },
  listRuns: {
    method: 'get',
    path: '/runs',
    summary: 'List runs, newest first',
    permission: runReadPermission,
    query: ListRunsQuerySchema,
    response: ListRunsResponseSchema,
  },
  getRun: {
    method: 'get',
    path: '/runs/:runId',
    summary: 'Read one run',
    permission: runReadPermission,
    response: RunDetailSchema,
  },
  cancelRun: {
    method: 'post',
    path: '/runs/:runId/cancel',
    summary: 'Cancel a run; asking twice equals asking once',
    permission: runControlPermission,
    body: CancelRunRequestSchema,
    response: RunReceiptSchema,
  },
  deleteRun: {
    method: 'delete',
    path: '/runs/:runId',
    summary: 'Cancel a run',
    permission: runControlPermission,
    response: RunReceiptSchema,
  },
  listRunAttempts: {
    method: 'get',
    path: '/runs/:runId/attempts',
    summary: 'List the attempts of a run, newest first',
    permission: runReadPermission,
    response: RunAttemptsResponseSchema,
  },
  listRunSteps: {
    method: 'get',
    path: '/runs/:runId/steps',
    summary: 'List the steps of an attempt, by default the latest',
    permission: runReadPermission,
    query: RunStepsQuerySchema,
    response: RunStepsResponseSchema,
  },
  listRunEvents: {
    method: 'get',
    path: '/runs/:runId/events',
    summary: 'List what happened to a run, newest first',
    permission: runReadPermission,
    query: PageQuerySchema,
    response: RunEventsResponseSchema,
  },
  listRunOutputs: {
    method: 'get',
    path: '/runs/:runId/outputs',
    summary: 'List the JSON documents that a run made',
    permission: runReadPermission,
    response: RunOutputsResponseSchema,
  },
  updateRun: {
    method: 'patch',
    path: '/runs/:runId',
    summary:
      'Change the note or labels of a run, or the priority or start time of a queued one',
    permission: runControlPermission,
    body: UpdateRunRequestSchema,
    response: RunReceiptSchema,
  },
  pauseRun: {
    method: 'post',
    path: '/runs/:runId/pause',
    summary: 'Hold a queued run, or let a running one stand still',
    permission: runControlPermission,
    body: PauseRunRequestSchema,
    response: RunReceiptSchema,
  },
  resumeRun: {
    method: 'post',
    path: '/runs/:runId/resume',
    summary: 'Let a paused or held run go on',
    permission: runControlPermission,
    body: ResumeRunRequestSchema,
    response: RunReceiptSchema,
  },
  retryRun: {
    method: 'post',
    path: '/runs/:runId/retry',
    summary:
      'Submit an ended run once more, with the same or edited parameters, from the start or the failed step',
    permission: runControlPermission,
    status: 201,
    body: RetryRunRequestSchema,
    response: RunReceiptSchema,
  },
  listParameterSets: {
    method: 'get',
    path: '/pipelines/:pipelineId/parameter-sets',
    summary: 'List the last five different sets of parameters',
    permission: runReadPermission,
    response: ParameterSetsResponseSchema,
  },
  previewRetention: {
    method: 'get',
    path: '/retention/preview',
    summary: 'Count what retention would remove',
    permission: runReadPermission,
    query: RetentionPreviewQuerySchema,
    response: RetentionPreviewSchema,
  },
} as const satisfies Record<string, ApiRoute>;
