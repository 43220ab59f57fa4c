import type { Permission } from '@backstage/plugin-permission-common';
import type { z } from 'zod';

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
