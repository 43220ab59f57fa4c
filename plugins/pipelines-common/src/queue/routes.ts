import type { ApiRoute } from '../http/apiRoute';
import {
  queueControlPermission,
  runReadPermission,
} from '../permissions/permissions';
import {
  ClearQueueRequestSchema,
  ClearQueueResponseSchema,
  ListQueuedRunsQuerySchema,
  ListQueuedRunsResponseSchema,
  ListWorkersResponseSchema,
  PauseRequestBodySchema,
  PauseResponseSchema,
  QueueSchema,
  ResumeRequestBodySchema,
  WorkerSchema,
} from './schema';

/** Operations on the queue and its workers. @public */
export const queueRoutes = {
  listWorkers: {
    method: 'get',
    path: '/workers',
    summary: 'List workers with their slots and heartbeats',
    permission: runReadPermission,
    response: ListWorkersResponseSchema,
  },
  getQueue: {
    method: 'get',
    path: '/queue',
    summary: 'Read how the queue stands, in all and per pipeline',
    permission: runReadPermission,
    response: QueueSchema,
  },
  listQueuedRuns: {
    method: 'get',
    path: '/queue/runs',
    summary:
      'List queued runs, most urgent first, with the reason why each waits',
    permission: runReadPermission,
    query: ListQueuedRunsQuerySchema,
    response: ListQueuedRunsResponseSchema,
  },
  pauseQueue: {
    method: 'post',
    path: '/queue/pause',
    summary: 'Pause the queue: nothing new starts',
    permission: queueControlPermission,
    body: PauseRequestBodySchema,
    response: PauseResponseSchema,
  },
  resumeQueue: {
    method: 'post',
    path: '/queue/resume',
    summary: 'Resume the queue',
    permission: queueControlPermission,
    body: ResumeRequestBodySchema,
    response: PauseResponseSchema,
  },
  clearQueue: {
    method: 'post',
    path: '/queue/clear',
    summary: 'Cancel queued runs',
    permission: queueControlPermission,
    body: ClearQueueRequestSchema,
    response: ClearQueueResponseSchema,
  },
  pausePipeline: {
    method: 'post',
    path: '/pipelines/:pipelineId/pause',
    summary: 'Pause a pipeline: nothing new of it starts',
    permission: queueControlPermission,
    body: PauseRequestBodySchema,
    response: PauseResponseSchema,
  },
  resumePipeline: {
    method: 'post',
    path: '/pipelines/:pipelineId/resume',
    summary: 'Resume a pipeline',
    permission: queueControlPermission,
    body: ResumeRequestBodySchema,
    response: PauseResponseSchema,
  },
  drainWorker: {
    method: 'post',
    path: '/workers/:workerId/drain',
    summary: 'Let a worker finish what it has and claim nothing more',
    permission: queueControlPermission,
    response: WorkerSchema,
  },
  undrainWorker: {
    method: 'post',
    path: '/workers/:workerId/undrain',
    summary: 'Let a drained worker claim again',
    permission: queueControlPermission,
    response: WorkerSchema,
  },
} as const satisfies Record<string, ApiRoute>;
