import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import type { RunState, RunTrigger } from '../runs/state';
import { PipelineGridSchema } from './schema';

/** Which runs a grid shows: how many, 1 to 100, and only some of them. @public */
export type PipelineGridFilter = {
  limit?: number;
  state?: readonly RunState[];
  trigger?: readonly RunTrigger[];
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
}
