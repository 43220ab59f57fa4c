import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  runControlPermission,
  runReadPermission,
  type ListRunsQuery,
  type ListRunsResponse,
  type RetentionPreview,
  type RetentionPreviewQuery,
  type ParameterSet,
  type RunAttempt,
  type RunDetail,
  type RunEventsResponse,
  type RunNeighbours,
  type RunOutput,
  type RunReceipt,
  type RunStep,
  type UpdateRunRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { SubmittedRun } from './DatabaseRunsStore';
import type { RunIdentity, RunsService } from './RunsService';
import type { RetryRequest, SubmitRunOptions } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Lets each caller submit and see what they may; what they may not see does not exist. */
export class AuthorizedRunsService {
  readonly #runs: RunsService;
  readonly #access: PipelineAccess;

  constructor(options: { runs: RunsService; access: PipelineAccess }) {
    this.#runs = options.runs;
    this.#access = options.access;
  }

  /**
   * Queues a run in the name of the caller.
   *
   * @throws NotFoundError for a pipeline that there is not, or that the caller may not see;
   * NotAllowedError for one that the caller may only see, and for our own
   */
  async submitRun(
    options: Pick<SubmitRunOptions, 'request' | 'idempotencyKey'>,
    { credentials }: CallOptions,
  ): Promise<SubmittedRun> {
    const caller = callerOf(credentials);
    const { pipelineId } = options.request;
    // Both at once, because each question is a request of its own.
    const [isReadable, isRunnable] = await Promise.all(
      [pipelineReadPermission, pipelineRunPermission].map(permission =>
        this.#access.isAllowed(permission, { pipelineId }, credentials),
      ),
    );
    if (!isReadable) {
      throw new NotFoundError(`No pipeline '${pipelineId}'`);
    }
    if (!isRunnable) {
      throw notRunnable(pipelineId);
    }
    if (this.#runs.isInternal(pipelineId)) {
      throw new NotAllowedError(
        `Pipeline '${pipelineId}' is one of our own, which nobody runs by hand`,
      );
    }
    return this.#runs.submitRun({
      ...options,
      actor: caller.actor,
      trigger: caller.type === 'user' ? 'manual' : 'api',
    });
  }

  /**
   * Submits an ended run once more in the name of the caller.
   *
   * @throws NotFoundError when there is none, or the caller may not see it; NotAllowedError when
   * the caller may not control it, or not run its pipeline; see also `RunsService.retryRun`
   */
  async retryRun(
    options: {
      runId: string;
      request: RetryRequest;
      idempotencyKey?: string;
    },
    { credentials }: CallOptions,
  ): Promise<SubmittedRun> {
    const run = await this.#identifyControlled(
      options.runId,
      'retry',
      credentials,
    );
    await this.#assertRunnable(run.pipelineId, credentials);
    return this.#runs.retryRun({
      ...options,
      actor: callerOf(credentials).actor,
    });
  }

  /**
   * Changes note or labels of a run, or priority or start time of a queued one.
   *
   * @throws NotFoundError when there is none, or the caller may not see it; NotAllowedError when
   * the caller may only see it; see also `RunsService.updateRun`
   */
  async updateRun(
    options: { runId: string; request: UpdateRunRequest },
    { credentials }: CallOptions,
  ): Promise<RunReceipt> {
    await this.#identifyControlled(options.runId, 'change', credentials);
    return this.#runs.updateRun({
      ...options,
      actor: callerOf(credentials).actor,
    });
  }

  /**
   * The last different sets of parameters of a pipeline.
   *
   * @throws NotFoundError when there is none, or the caller may not see its runs
   */
  async listParameterSets(
    pipelineId: string,
    { credentials }: CallOptions,
  ): Promise<ParameterSet[]> {
    const allowed =
      !this.#runs.isInternal(pipelineId) &&
      (await this.#access.isAllowed(
        runReadPermission,
        { pipelineId },
        credentials,
      ));
    if (!allowed) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}', or you may not see its runs`,
      );
    }
    return this.#runs.listParameterSets(pipelineId);
  }

  /** What retention would remove of the runs that the caller may see. */
  async previewRetention(
    query: RetentionPreviewQuery,
    { credentials }: CallOptions,
  ): Promise<RetentionPreview> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    const wanted = await this.#access.narrow(readable, query);
    return this.#runs.previewRetention(query, wanted);
  }

  /** One page of the runs that the caller may see, newest first. */
  async listRuns(
    query: ListRunsQuery,
    { credentials }: CallOptions,
  ): Promise<ListRunsResponse> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    const wanted = await this.#access.narrow(readable, query);
    return this.#runs.listRuns(query, wanted);
  }

  /** @throws NotFoundError when there is none, or the caller may not see it */
  async getRun(
    runId: string,
    { credentials }: CallOptions,
  ): Promise<RunDetail> {
    const run = await this.#runs.getRun(runId);
    await this.#assertReadable(run, credentials);
    return run;
  }

  /**
   * What other rooms need of a run before they show what hangs on it.
   *
   * @throws NotFoundError when there is none, or the caller may not see it
   */
  async identifyRun(
    runId: string,
    { credentials }: CallOptions,
  ): Promise<RunIdentity> {
    const run = await this.#runs.identifyRun(runId);
    await this.#assertReadable(run, credentials);
    return run;
  }

  /**
   * The runs before and after a run in a list with this filter, among those that the caller may see.
   *
   * @throws NotFoundError when there is no such run, or the caller may not see it
   */
  async readNeighbours(
    runId: string,
    query: ListRunsQuery,
    options: CallOptions,
  ): Promise<RunNeighbours> {
    await this.identifyRun(runId, options);
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      options.credentials,
    );
    return this.#runs.readNeighbours(
      runId,
      query,
      await this.#access.narrow(readable, query),
    );
  }

  /** Newest first. */
  async listAttempts(
    runId: string,
    options: CallOptions,
  ): Promise<RunAttempt[]> {
    await this.identifyRun(runId, options);
    return this.#runs.listAttempts(runId);
  }

  /** Those of the attempt, by default the latest, in order of position. */
  async listSteps(
    runId: string,
    query: { attempt?: number },
    options: CallOptions,
  ): Promise<RunStep[]> {
    const run = await this.identifyRun(runId, options);
    return this.#runs.listSteps(runId, query.attempt ?? run.attempt);
  }

  /** One page, newest first. */
  async listEvents(
    runId: string,
    query: { limit: number; cursor?: string },
    options: CallOptions,
  ): Promise<RunEventsResponse> {
    await this.identifyRun(runId, options);
    return this.#runs.listEvents(runId, query);
  }

  /** Those of the newest attempt first, then by name. */
  async listOutputs(runId: string, options: CallOptions): Promise<RunOutput[]> {
    await this.identifyRun(runId, options);
    return this.#runs.listOutputs(runId);
  }

  async #assertReadable(
    run: { id: string; pipelineId: string; submittedBy: string },
    credentials: BackstageCredentials,
  ): Promise<void> {
    const readable = await this.#access.isAllowed(
      runReadPermission,
      run,
      credentials,
    );
    if (!readable) {
      throw new NotFoundError(`No run '${run.id}'`);
    }
  }

  async #identifyControlled(
    runId: string,
    verb: string,
    credentials: BackstageCredentials,
  ): Promise<RunIdentity> {
    const run = await this.identifyRun(runId, { credentials });
    const allowed = await this.#access.isAllowed(
      runControlPermission,
      run,
      credentials,
    );
    if (!allowed) {
      throw new NotAllowedError(`Not allowed to ${verb} run '${run.id}'`);
    }
    return run;
  }

  async #assertRunnable(
    pipelineId: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const allowed = await this.#access.isAllowed(
      pipelineRunPermission,
      { pipelineId },
      credentials,
    );
    if (!allowed) {
      throw notRunnable(pipelineId);
    }
  }
}

function notRunnable(pipelineId: string): NotAllowedError {
  return new NotAllowedError(`Not allowed to run pipeline '${pipelineId}'`);
}
