import {
  RetentionPreviewSchema,
  type RetentionPreview,
} from '../runs/retention';
import { RunArtifactsResponseSchema } from '../artifacts/schema';
import {
  RunChangesSchema,
  UsualDurationSchema,
  type RunChanges,
  type UsualDuration,
} from '../comparison/schema';
import {
  ListPipelinesResponseSchema,
  PipelineSchema,
  type ListPipelinesResponse,
  type Pipeline,
} from '../definitions/schema';
import { HealthSchema, type Health } from '../health/schema';
import { LogsClient } from '../logs/LogsClient';
import { LogPageSchema, type LogPage } from '../logs/schema';
import {
  ListRunsResponseSchema,
  RunAttemptsResponseSchema,
  RunDetailSchema,
  RunEventsResponseSchema,
  RunNeighboursSchema,
  RunOutputsResponseSchema,
  RunReceiptSchema,
  RunStepsResponseSchema,
  type ListRunsResponse,
  type RunDetail,
  type RunEventsResponse,
  type RunNeighbours,
  type RunReceipt,
  type RunSort,
  type SubmitRunRequest,
} from '../runs/schema';
import {
  ParameterSetsResponseSchema,
  type CancelRunRequest,
  type PauseRunRequest,
  type ResumeRunRequest,
  type RetryRunRequest,
  type UpdateRunRequest,
} from '../runs/actions';
import type { RunState, RunTrigger } from '../runs/state';
import {
  BackfillSchema,
  PipelineTriggersSchema,
  type BackfillRequest,
} from '../schedules/schema';
import type {
  SaveGlobalSettingsRequest,
  SavePipelineSettingsRequest,
} from '../settings/schema';
import { BulkClient } from '../bulk/BulkClient';
import { FailuresClient } from '../failures/FailuresClient';
import { QueueClient } from '../queue/QueueClient';
import { ReporterClient } from '../reporters/ReporterClient';
import { SettingsClient } from '../settings/SettingsClient';
import {
  StatsByPipelineSchema,
  StatsHistorySchema,
  StatsSchema,
  type Stats,
  type StatsByPipeline,
  type StatsHistory,
} from '../stats/schema';
import { TimelineClient } from '../timeline/TimelineClient';
import { ViewsClient } from '../views/ViewsClient';
import { ApiCaller, pathOf } from './ApiCaller';
import {
  queryString,
  type PipelinesFetch,
  type RequestOptions,
} from './request';

/** Filters of the runs list; times are ISO 8601. @public */
export type RunsFilter = {
  state?: readonly RunState[];
  'state.not'?: readonly RunState[];
  pipeline?: readonly string[];
  'pipeline.not'?: readonly string[];
  owner?: readonly string[];
  entity?: readonly string[];
  trigger?: readonly RunTrigger[];
  'trigger.not'?: readonly RunTrigger[];
  submittedBy?: readonly string[];
  /** Labels that a run must all have. */
  label?: Readonly<Record<string, string>>;
  /** Only runs that ended with this failure. */
  fingerprint?: string;
  /** Text in the title, the error message, the summary, the id or the parameters. */
  q?: string;
  /** Least and most execution time, in seconds. */
  minDuration?: number;
  maxDuration?: number;
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

/** How long things would be kept, in days. @public */
export type RetentionPreviewFilter = {
  pipeline?: readonly string[];
  runDays?: number;
  logDays?: number;
  artifactDays?: number;
};

/** {@link StatsFilter}, to which buckets the window snaps, and whether the time before is told, too. @public */
export type StatsTotalsFilter = StatsFilter & {
  bucket?: 'hour' | 'day';
  compare?: 'previous';
};

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
  readonly #api: ApiCaller;
  /** The queue and its workers. */
  readonly queue: QueueClient;
  /** Actions on many runs at once. */
  readonly bulk: BulkClient;
  /** The errors of runs, the same ones together. */
  readonly failures: FailuresClient;
  /** Runs side by side: the grid of a pipeline, and all pipelines on one axis of time. */
  readonly timeline: TimelineClient;
  /** Saved views of lists. */
  readonly views: ViewsClient;
  /** Searches in logs. */
  readonly logs: LogsClient;
  /** The settings of the portal. */
  readonly settings: SettingsClient<SaveGlobalSettingsRequest>;

  constructor(options: { fetchApi: PipelinesFetch }) {
    this.#api = new ApiCaller(options);
    this.queue = new QueueClient(this.#api);
    this.bulk = new BulkClient(this.#api);
    this.failures = new FailuresClient(this.#api);
    this.timeline = new TimelineClient(this.#api);
    this.views = new ViewsClient(this.#api);
    this.logs = new LogsClient(this.#api);
    this.settings = SettingsClient.ofPortal(this.#api);
  }

  /** The settings of one pipeline. */
  settingsOf(pipelineId: string): SettingsClient<SavePipelineSettingsRequest> {
    return SettingsClient.ofPipeline(this.#api, pipelineId);
  }

  /** Reports one run that is executed elsewhere. */
  reporter(reporter: string, externalId: string): ReporterClient {
    return new ReporterClient(this.#api, reporter, externalId);
  }

  /** Pipelines that the caller may see, by title. */
  async listPipelines(
    query: PageOptions & Pick<RunsFilter, 'owner' | 'entity'> = {},
    options?: RequestOptions,
  ): Promise<ListPipelinesResponse> {
    return this.#api.get(
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
    return this.#api.get(
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
    return this.#api.send(
      'POST',
      '/runs',
      RunReceiptSchema,
      request,
      keyed(options),
    );
  }

  /** Runs that the caller may see, newest first unless `sort` says otherwise. */
  async listRuns(
    query: RunsFilter & PageOptions & { sort?: RunSort } = {},
    options?: RequestOptions,
  ): Promise<ListRunsResponse> {
    return this.#api.get(
      `/runs${queryString(query)}`,
      ListRunsResponseSchema,
      options,
    );
  }

  /** One run. */
  async getRun(runId: string, options?: RequestOptions): Promise<RunDetail> {
    return this.#api.get(runPath(runId), RunDetailSchema, options);
  }

  /** The runs before and after a run in the list with this filter. */
  async getRunNeighbours(
    runId: string,
    filter: RunsFilter = {},
    options?: RequestOptions,
  ): Promise<RunNeighbours> {
    return this.#api.get(
      `${runPath(runId)}/neighbours${queryString(filter)}`,
      RunNeighboursSchema,
      options,
    );
  }

  /** Cancels a run; with `force` without grace. */
  async cancelRun(
    runId: string,
    request: CancelRunRequest = {},
    options?: RequestOptions,
  ): Promise<RunReceipt> {
    return this.#api.send(
      'POST',
      `${runPath(runId)}/cancel`,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** Holds a queued run, or lets a running one stand still. */
  async pauseRun(
    runId: string,
    request: PauseRunRequest = {},
    options?: RequestOptions,
  ): Promise<RunReceipt> {
    return this.#api.send(
      'POST',
      `${runPath(runId)}/pause`,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** Lets a paused or held run go on. */
  async resumeRun(
    runId: string,
    request: ResumeRunRequest = {},
    options?: RequestOptions,
  ): Promise<RunReceipt> {
    return this.#api.send(
      'POST',
      `${runPath(runId)}/resume`,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** Submits an ended run once more; answers with the new run. */
  async retryRun(
    runId: string,
    request: RetryRunRequest = {},
    options: RequestOptions & { idempotencyKey?: string } = {},
  ): Promise<RunReceipt> {
    return this.#api.send(
      'POST',
      `${runPath(runId)}/retry`,
      RunReceiptSchema,
      request,
      keyed(options),
    );
  }

  /** Changes note or labels, or priority or start time of a queued run. */
  async updateRun(
    runId: string,
    request: UpdateRunRequest,
    options?: RequestOptions,
  ): Promise<RunReceipt> {
    return this.#api.send(
      'PATCH',
      runPath(runId),
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** The last five different sets of parameters of a pipeline, newest first. */
  async listParameterSets(pipelineId: string, options?: RequestOptions) {
    return this.#api.get(
      pathOf`/pipelines/${pipelineId}/parameter-sets`,
      ParameterSetsResponseSchema,
      options,
    );
  }

  /** What starts a pipeline by itself. */
  async getPipelineTriggers(pipelineId: string, options?: RequestOptions) {
    return this.#api.get(
      pathOf`/pipelines/${pipelineId}/triggers`,
      PipelineTriggersSchema,
      options,
    );
  }

  /** Submits the planned starts of a range, or says which they are with `dryRun`. */
  async backfillPipeline(
    pipelineId: string,
    request: BackfillRequest,
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      pathOf`/pipelines/${pipelineId}/backfill`,
      BackfillSchema,
      request,
      options,
    );
  }

  /** Attempts of a run, newest first. */
  async listRunAttempts(runId: string, options?: RequestOptions) {
    return this.#api.get(
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
    return this.#api.get(
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
    return this.#api.get(
      `${runPath(runId)}/events${queryString(query)}`,
      RunEventsResponseSchema,
      options,
    );
  }

  /** What differs between a run and the last success before it, rarest first. */
  async getRunChanges(
    runId: string,
    options?: RequestOptions,
  ): Promise<RunChanges> {
    return this.#api.get(
      `${runPath(runId)}/changes`,
      RunChangesSchema,
      options,
    );
  }

  /** How long the last successes before a run took. */
  async getUsualDuration(
    runId: string,
    options?: RequestOptions,
  ): Promise<UsualDuration> {
    return this.#api.get(
      `${runPath(runId)}/usual-duration`,
      UsualDurationSchema,
      options,
    );
  }

  /** JSON documents that a run made. */
  async listRunOutputs(runId: string, options?: RequestOptions) {
    return this.#api.get(
      `${runPath(runId)}/outputs`,
      RunOutputsResponseSchema,
      options,
    );
  }

  /** Files that a run made. */
  async listRunArtifacts(runId: string, options?: RequestOptions) {
    return this.#api.get(
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
    return this.#api.get(
      `${runPath(runId)}/logs${queryString(range)}`,
      LogPageSchema,
      options,
    );
  }

  /** What retention would remove; what is not named is not counted. */
  async previewRetention(
    query: RetentionPreviewFilter,
    options?: RequestOptions,
  ): Promise<RetentionPreview> {
    return this.#api.get(
      `/retention/preview${queryString(query)}`,
      RetentionPreviewSchema,
      options,
    );
  }

  /** Counts and durations over a window. */
  async getStats(
    query: StatsTotalsFilter = {},
    options?: RequestOptions,
  ): Promise<Stats> {
    return this.#api.get(`/stats${queryString(query)}`, StatsSchema, options);
  }

  /** The same of each pipeline with ended runs in the window, the busiest first. */
  async getStatsByPipeline(
    query: StatsTotalsFilter = {},
    options?: RequestOptions,
  ): Promise<StatsByPipeline> {
    return this.#api.get(
      `/stats/pipelines${queryString(query)}`,
      StatsByPipelineSchema,
      options,
    );
  }

  /** Counts and durations per hour or day. */
  async getStatsHistory(
    query: StatsFilter & {
      bucket?: 'hour' | 'day';
      groupBy?: 'none' | 'pipeline';
    } = {},
    options?: RequestOptions,
  ): Promise<StatsHistory> {
    return this.#api.get(
      `/stats/history${queryString(query)}`,
      StatsHistorySchema,
      options,
    );
  }

  /** Whether the parts of the backend work. */
  async getHealth(options?: RequestOptions): Promise<Health> {
    return this.#api.get('/health', HealthSchema, options);
  }
}

function keyed({
  idempotencyKey,
  ...init
}: RequestOptions & { idempotencyKey?: string }): RequestInit {
  return {
    ...init,
    headers: idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {},
  };
}

function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
