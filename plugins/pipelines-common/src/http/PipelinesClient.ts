import { z } from 'zod';
import { RunArtifactsResponseSchema } from '../artifacts/schema';
import {
  ListPipelinesResponseSchema,
  PipelineSchema,
  type ListPipelinesResponse,
  type Pipeline,
} from '../definitions/schema';
import { HealthSchema, type Health } from '../health/schema';
import { LogPageSchema, type LogPage } from '../logs/schema';
import { ListWorkersResponseSchema } from '../queue/schema';
import {
  ListRunsResponseSchema,
  RunAttemptsResponseSchema,
  RunDetailSchema,
  RunEventsResponseSchema,
  RunOutputsResponseSchema,
  RunReceiptSchema,
  RunStepsResponseSchema,
  type CancelRunRequest,
  type ListRunsResponse,
  type RunDetail,
  type RunEventsResponse,
  type RunReceipt,
  type SubmitRunRequest,
} from '../runs/schema';
import type { RunState, RunTrigger } from '../runs/state';
import {
  StatsHistorySchema,
  StatsSchema,
  type Stats,
  type StatsHistory,
} from '../stats/schema';
import {
  PipelinesFetch,
  queryString,
  RequestOptions,
  requestJson,
} from './request';

/** Filters of the runs list; times are ISO 8601. @public */
export type RunsFilter = {
  state?: readonly RunState[];
  pipeline?: readonly string[];
  owner?: readonly string[];
  entity?: readonly string[];
  trigger?: readonly RunTrigger[];
  from?: string;
  to?: string;
};

/** Which page of a list is wanted. @public */
export type PageOptions = { limit?: number; cursor?: string };

/** Which runs a statistic is about; times are ISO 8601. @public */
export type StatsFilter = Pick<
  RunsFilter,
  'pipeline' | 'owner' | 'entity' | 'from' | 'to'
>;

/** Which lines of a log are wanted; see `LogQuerySchema`. @public */
export type LogRange = {
  attempt?: number;
  cursor?: number;
  direction?: 'forward' | 'backward';
  limit?: number;
};

/**
 * Calls the API of Millrace; for browsers and Node.
 *
 * @remarks
 * Every answer is parsed with its schema; every failure is a `ResponseError`.
 *
 * @public
 */
export class PipelinesClient {
  readonly #fetchApi: PipelinesFetch;

  constructor(options: { fetchApi: PipelinesFetch }) {
    this.#fetchApi = options.fetchApi;
  }

  /** Pipelines that the caller may see, by title. */
  async listPipelines(
    query: PageOptions & Pick<RunsFilter, 'owner' | 'entity'> = {},
    options?: RequestOptions,
  ): Promise<ListPipelinesResponse> {
    return this.#get(
      `/pipelines${queryString(query)}`,
      ListPipelinesResponseSchema,
      options,
    );
  }

  /** One pipeline. */
  async getPipeline(
    pipelineId: string,
    options?: RequestOptions,
  ): Promise<Pipeline> {
    return this.#get(
      `/pipelines/${encodeURIComponent(pipelineId)}`,
      PipelineSchema,
      options,
    );
  }

  /** Submits a run; the same `idempotencyKey` again answers with the same run. */
  async submitRun(
    request: SubmitRunRequest,
    options: RequestOptions & { idempotencyKey?: string } = {},
  ): Promise<RunReceipt> {
    const { idempotencyKey, ...rest } = options;
    return this.#post('/runs', RunReceiptSchema, request, {
      ...rest,
      headers: idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {},
    });
  }

  /** Runs that the caller may see, newest first. */
  async listRuns(
    query: RunsFilter & PageOptions = {},
    options?: RequestOptions,
  ): Promise<ListRunsResponse> {
    return this.#get(
      `/runs${queryString(query)}`,
      ListRunsResponseSchema,
      options,
    );
  }

  /** One run. */
  async getRun(runId: string, options?: RequestOptions): Promise<RunDetail> {
    return this.#get(runPath(runId), RunDetailSchema, options);
  }

  /** Cancels a run; with `force` without grace. */
  async cancelRun(
    runId: string,
    request: CancelRunRequest = {},
    options?: RequestOptions,
  ): Promise<RunReceipt> {
    return this.#post(
      `${runPath(runId)}/cancel`,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** Attempts of a run, newest first. */
  async listRunAttempts(runId: string, options?: RequestOptions) {
    return this.#get(
      `${runPath(runId)}/attempts`,
      RunAttemptsResponseSchema,
      options,
    );
  }

  /** Steps of an attempt, by default the latest. */
  async listRunSteps(
    runId: string,
    query: { attempt?: number } = {},
    options?: RequestOptions,
  ) {
    return this.#get(
      `${runPath(runId)}/steps${queryString(query)}`,
      RunStepsResponseSchema,
      options,
    );
  }

  /** What happened to a run, newest first. */
  async listRunEvents(
    runId: string,
    query: PageOptions = {},
    options?: RequestOptions,
  ): Promise<RunEventsResponse> {
    return this.#get(
      `${runPath(runId)}/events${queryString(query)}`,
      RunEventsResponseSchema,
      options,
    );
  }

  /** JSON documents that a run made. */
  async listRunOutputs(runId: string, options?: RequestOptions) {
    return this.#get(
      `${runPath(runId)}/outputs`,
      RunOutputsResponseSchema,
      options,
    );
  }

  /** Files that a run made. */
  async listRunArtifacts(runId: string, options?: RequestOptions) {
    return this.#get(
      `${runPath(runId)}/artifacts`,
      RunArtifactsResponseSchema,
      options,
    );
  }

  /** A range of lines of a log. */
  async getRunLog(
    runId: string,
    range: LogRange = {},
    options?: RequestOptions,
  ): Promise<LogPage> {
    return this.#get(
      `${runPath(runId)}/logs${queryString(range)}`,
      LogPageSchema,
      options,
    );
  }

  /** Counts and durations over a window. */
  async getStats(
    query: StatsFilter = {},
    options?: RequestOptions,
  ): Promise<Stats> {
    return this.#get(`/stats${queryString(query)}`, StatsSchema, options);
  }

  /** Counts and durations per hour or day. */
  async getStatsHistory(
    query: StatsFilter & {
      bucket?: 'hour' | 'day';
      groupBy?: 'none' | 'pipeline';
    } = {},
    options?: RequestOptions,
  ): Promise<StatsHistory> {
    return this.#get(
      `/stats/history${queryString(query)}`,
      StatsHistorySchema,
      options,
    );
  }

  /** Workers with their slots and heartbeats. */
  async listWorkers(options?: RequestOptions) {
    return this.#get('/workers', ListWorkersResponseSchema, options);
  }

  /** Whether the parts of the backend work. */
  async getHealth(options?: RequestOptions): Promise<Health> {
    return this.#get('/health', HealthSchema, options);
  }

  async #get<TSchema extends z.ZodType>(
    path: string,
    schema: TSchema,
    init?: RequestInit,
  ) {
    return requestJson(this.#fetchApi, path, schema, init);
  }

  async #post<TSchema extends z.ZodType>(
    path: string,
    schema: TSchema,
    body: unknown,
    init: RequestInit = {},
  ) {
    return requestJson(this.#fetchApi, path, schema, {
      ...init,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...init.headers },
      body: JSON.stringify(body),
    });
  }
}

function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
