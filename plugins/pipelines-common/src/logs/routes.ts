import type { ApiRoute } from '../http/apiRoute';
import { runReadPermission } from '../permissions/permissions';
import {
  LogPageSchema,
  LogQuerySchema,
  RawLogQuerySchema,
  RunStreamQuerySchema,
} from './schema';
import {
  LogLinesQuerySchema,
  LogLinesSchema,
  LogSearchQuerySchema,
  LogSearchSchema,
} from './search';

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
  searchRunLog: {
    method: 'get',
    path: '/runs/:runId/logs/search',
    summary: 'Find lines in the whole log of an attempt, and count its levels',
    permission: runReadPermission,
    query: LogSearchQuerySchema,
    response: LogSearchSchema,
  },
  getRunLogLines: {
    method: 'get',
    path: '/runs/:runId/logs/lines',
    summary: 'Read lines of a log by number',
    permission: runReadPermission,
    query: LogLinesQuerySchema,
    response: LogLinesSchema,
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
