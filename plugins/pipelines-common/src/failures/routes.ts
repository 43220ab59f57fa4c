import type { ApiRoute } from '../http/apiRoute';
import {
  runControlPermission,
  runReadPermission,
} from '../permissions/permissions';
import {
  ChangeFailureRequestSchema,
  FailureDetailSchema,
  FailureStandingSchema,
  GetFailureQuerySchema,
  IgnoreFailureRequestSchema,
  ListFailuresQuerySchema,
  ListFailuresResponseSchema,
  RunFailureResponseSchema,
} from './schema';

/** Operations on failures: errors that recur. @public */
export const failuresRoutes = {
  listFailures: {
    method: 'get',
    path: '/failures',
    summary: 'List the errors of runs, the same ones together',
    permission: runReadPermission,
    query: ListFailuresQuerySchema,
    response: ListFailuresResponseSchema,
  },
  getFailure: {
    method: 'get',
    path: '/failures/:fingerprint',
    summary: 'Read a failure with its history',
    permission: runReadPermission,
    query: GetFailureQuerySchema,
    response: FailureDetailSchema,
  },
  getRunFailure: {
    method: 'get',
    path: '/runs/:runId/failure',
    summary: 'Read which failure ended a run, and how often it has occurred',
    permission: runReadPermission,
    response: RunFailureResponseSchema,
  },
  resolveFailure: {
    method: 'post',
    path: '/failures/:fingerprint/resolve',
    summary: 'Say that a failure is resolved',
    permission: runControlPermission,
    body: ChangeFailureRequestSchema,
    response: FailureStandingSchema,
  },
  ignoreFailure: {
    method: 'post',
    path: '/failures/:fingerprint/ignore',
    summary: 'Ignore a failure until a time, a count, or for ever',
    permission: runControlPermission,
    body: IgnoreFailureRequestSchema,
    response: FailureStandingSchema,
  },
  unresolveFailure: {
    method: 'post',
    path: '/failures/:fingerprint/unresolve',
    summary: 'Say that a failure is unresolved after all',
    permission: runControlPermission,
    body: ChangeFailureRequestSchema,
    response: FailureStandingSchema,
  },
} as const satisfies Record<string, ApiRoute>;
