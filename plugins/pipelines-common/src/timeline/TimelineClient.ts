import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import type { RunState, RunTrigger } from '../runs/state';
import { PipelineGridSchema, TimelineSchema } from './schema';

/** Which runs a grid shows: how many, 1 to 100, and only some of them. @public */
export type PipelineGridFilter = {
  limit?: number;
  state?: readonly RunState[];
  trigger?: readonly RunTrigger[];
};

/** A window, ISO 8601, of at most 15 days, and which pipelines and runs are wanted of it. @public */
export type TimelineFilter = {
  from: string;
  to: string;
  pipeline?: readonly string[];
  owner?: readonly string[];
  entity?: readonly string[];
  state?: readonly RunState[];
};

/** Runs side by side. @public */
export class TimelineClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** The newest runs of a pipeline with their steps. */
  grid(
    pipelineId: string,
    filter: PipelineGridFilter = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `${pathOf`/pipelines/${pipelineId}/grid`}${queryString(filter)}`,
      PipelineGridSchema,
      options,
    );
  }

  /** What all pipelines executed in a window, and what is planned. */
  read(filter: TimelineFilter, options?: RequestOptions) {
    return this.#api.get(
      `/timeline${queryString(filter)}`,
      TimelineSchema,
      options,
    );
  }
}
