import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import {
  FailureDetailSchema,
  FailureStandingSchema,
  ListFailuresResponseSchema,
  RunFailureResponseSchema,
  type ChangeFailureRequest,
  type FailureState,
  type IgnoreFailureRequest,
} from './schema';
import type { RunError } from '../runs/schema';

/** Filters of the list of failures; times are ISO 8601. @public */
export type FailuresFilter = {
  state?: readonly FailureState[];
  pipeline?: readonly string[];
  owner?: readonly string[];
  kind?: readonly RunError['kind'][];
  q?: string;
  from?: string;
};

/** The errors of runs, the same ones together. @public */
export class FailuresClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** Newest last-seen first. */
  list(
    query: FailuresFilter & { limit?: number; cursor?: string } = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `/failures${queryString(query)}`,
      ListFailuresResponseSchema,
      options,
    );
  }

  /** With its history. */
  read(
    fingerprint: string,
    query: { from?: string } = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `${pathOf`/failures/${fingerprint}`}${queryString(query)}`,
      FailureDetailSchema,
      options,
    );
  }

  /** The failure that ended a run. */
  ofRun(runId: string, options?: RequestOptions) {
    return this.#api.get(
      pathOf`/runs/${runId}/failure`,
      RunFailureResponseSchema,
      options,
    );
  }

  /** When it occurs again it is regressed. */
  resolve(
    fingerprint: string,
    request: ChangeFailureRequest = {},
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/failures/${fingerprint}/resolve`,
      FailureStandingSchema,
      request,
      options,
    );
  }

  /** Until a time, a count, or for ever. */
  ignore(
    fingerprint: string,
    request: IgnoreFailureRequest = {},
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/failures/${fingerprint}/ignore`,
      FailureStandingSchema,
      request,
      options,
    );
  }

  /** Takes back that it is resolved or ignored. */
  unresolve(
    fingerprint: string,
    request: ChangeFailureRequest = {},
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/failures/${fingerprint}/unresolve`,
      FailureStandingSchema,
      request,
      options,
    );
  }
}
