import type { Permission } from '@backstage/plugin-permission-common';
import { z } from 'zod';
import { RunArtifactsResponseSchema } from '../artifacts/schema';
import {
  ListPipelinesQuerySchema,
  ListPipelinesResponseSchema,
  PipelineSchema,
} from '../definitions/schema';
import { HealthSchema } from '../health/schema';
import {
  LogPageSchema,
  LogQuerySchema,
  RawLogQuerySchema,
  RunStreamQuerySchema,
} from '../logs/schema';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  runControlPermission,
  runReadPermission,
} from '../permissions/permissions';
import { ListWorkersResponseSchema } from '../queue/schema';
import {
  CancelRunRequestSchema,
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
} from '../runs/schema';
import {
  StatsHistoryQuerySchema,
  StatsHistorySchema,
  StatsQuerySchema,
  StatsSchema,
} from '../stats/schema';
import { PageQuerySchema } from './page';

/** One operation of the HTTP API. @public */
export interface ApiRoute {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/pipelines`, with `:name` for path parameters. */
  path: string;
  summary: string;
  /** What the caller needs besides being signed in; absent means the route needs nobody. */
  permission?: Permission;
  /** Status of success; 200 unless said. */
  status?: number;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Shape of the JSON answer; absent for streams of bytes and events. */
  response?: z.ZodType;
  /** Media type of an answer that is not JSON. */
  mediaType?: string;
}

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
  listPipelines: {
    method: 'get',
    path: '/pipelines',
    summary: 'List pipelines with their newest runs',
    permission: pipelineReadPermission,
    query: ListPipelinesQuerySchema,
    response: ListPipelinesResponseSchema,
  },
  getPipeline: {
    method: 'get',
    path: '/pipelines/:pipelineId',
    summary: 'Read one pipeline',
    permission: pipelineReadPermission,
    response: PipelineSchema,
  },
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
  listRunArtifacts: {
    method: 'get',
    path: '/runs/:runId/artifacts',
    summary: 'List the files that a run made',
    permission: runReadPermission,
    response: RunArtifactsResponseSchema,
  },
  getArtifactContent: {
    method: 'get',
    path: '/runs/:runId/artifacts/:artifactId/content',
    summary:
      'Read the bytes of an artifact; takes Range, and the limited user cookie',
    permission: runReadPermission,
    mediaType: 'application/octet-stream',
  },
  getRunLog: {
    method: 'get',
    path: '/runs/:runId/logs',
    summary: 'Read a range of lines of a log',
    permission: runReadPermission,
    query: LogQuerySchema,
    response: LogPageSchema,
  },
  streamRun: {
    method: 'get',
    path: '/runs/:runId/stream',
    summary:
      'Follow log, state, steps and progress as server-sent events; resumable',
    permission: runReadPermission,
    query: RunStreamQuerySchema,
    mediaType: 'text/event-stream',
  },
  getRawRunLog: {
    method: 'get',
    path: '/runs/:runId/logs/raw',
    summary: 'Read the bytes of a log as they were, apart from redaction',
    permission: runReadPermission,
    query: RawLogQuerySchema,
    mediaType: 'text/plain',
  },
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
  listWorkers: {
    method: 'get',
    path: '/workers',
    summary: 'List workers with their slots and heartbeats',
    permission: runReadPermission,
    response: ListWorkersResponseSchema,
  },
  getHealth: {
    method: 'get',
    path: '/health',
    summary: 'Whether database, queue, workers and live updates work',
    response: HealthSchema,
  },
  getOpenApi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    mediaType: 'application/json',
  },
} as const satisfies Record<string, ApiRoute>;

/** Name of an operation of the API. @public */
export type ApiOperation = keyof typeof API_ROUTES;
