import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  LogPageSchema,
  LogQuerySchema,
  RawLogQuerySchema,
  RunStreamQuerySchema,
} from './schema';

/** Operations on logs. @public */
export const logsRoutes = {
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
} as const satisfies Record<string, ApiRoute>;
