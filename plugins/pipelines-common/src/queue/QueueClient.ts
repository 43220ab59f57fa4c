import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import {
  ClearQueueResponseSchema,
  ListQueuedRunsResponseSchema,
  ListWorkersResponseSchema,
  PauseResponseSchema,
  QueueSchema,
  WorkerSchema,
  type ClearQueueRequest,
  type PauseRequestBody,
  type ResumeRequestBody,
} from './schema';

/** The queue and its workers. @public */
export class QueueClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** How the queue stands, in all and per pipeline. */
  read(options?: RequestOptions) {
    return this.#api.get('/queue', QueueSchema, options);
  }

  /** Queued runs, most urgent first, with the reason why each waits. */
  listRuns(
    query: {
      pipeline?: readonly string[];
      limit?: number;
      cursor?: string;
    } = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `/queue/runs${queryString(query)}`,
      ListQueuedRunsResponseSchema,
      options,
    );
  }

  /** Nothing new starts. */
  pause(request: PauseRequestBody = {}, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      '/queue/pause',
      PauseResponseSchema,
      request,
      options,
    );
  }

  resume(request: ResumeRequestBody = {}, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      '/queue/resume',
      PauseResponseSchema,
      request,
      options,
    );
  }

  /** Cancels queued runs, or counts them with `dryRun`. */
  clear(request: ClearQueueRequest, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      '/queue/clear',
      ClearQueueResponseSchema,
      request,
      options,
    );
  }

  /** Nothing new of the pipeline starts. */
  pausePipeline(
    pipelineId: string,
    request: PauseRequestBody = {},
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/pipelines/${pipelineId}/pause`,
      PauseResponseSchema,
      request,
      options,
    );
  }

  resumePipeline(
    pipelineId: string,
    request: ResumeRequestBody = {},
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/pipelines/${pipelineId}/resume`,
      PauseResponseSchema,
      request,
      options,
    );
  }

  /** Workers with their slots and heartbeats, newest first. */
  listWorkers(options?: RequestOptions) {
    return this.#api.get('/workers', ListWorkersResponseSchema, options);
  }

  /** The worker finishes what it has and claims nothing more. */
  drainWorker(workerId: string, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      pathOf`/workers/${workerId}/drain`,
      WorkerSchema,
      {},
      options,
    );
  }

  undrainWorker(workerId: string, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      pathOf`/workers/${workerId}/undrain`,
      WorkerSchema,
      {},
      options,
    );
  }
}
