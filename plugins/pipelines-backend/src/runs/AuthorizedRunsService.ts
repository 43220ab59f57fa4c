import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  runReadPermission,
  type ListRunsQuery,
  type ListRunsResponse,
  type RunAttempt,
  type RunDetail,
  type RunEventsResponse,
  type RunOutput,
  type RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { SubmittedRun } from './DatabaseRunsStore';
import type { RunIdentity, RunsService, SubmitRunOptions } from './RunsService';

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
   * NotAllowedError for one that the caller may only see
   */
  async submitRun(
    options: Pick<SubmitRunOptions, 'request' | 'idempotencyKey'>,
    { credentials }: CallOptions,
  ): Promise<SubmittedRun> {
    const caller = callerOf(credentials);
    const target = { pipelineId: options.request.pipelineId };
    const [readable, runnable] = await Promise.all([
      this.#access.isAllowed(pipelineReadPermission, target, credentials),
      this.#access.isAllowed(pipelineRunPermission, target, credentials),
    ]);
    if (!readable) {
      throw new NotFoundError(`No pipeline '${target.pipelineId}'`);
    }
    if (!runnable) {
      throw new NotAllowedError(
        `Not allowed to run pipeline '${target.pipelineId}'`,
      );
    }
    return this.#runs.submitRun({
      ...options,
      actor: caller.actor,
      trigger: caller.type === 'user' ? 'manual' : 'api',
    });
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
    run: { id: string; pipelineId: string },
    credentials: BackstageCredentials,
  ): Promise<void> {
    const readable = await this.#access.isAllowed(
      runReadPermission,
      { pipelineId: run.pipelineId },
      credentials,
    );
    if (!readable) {
      throw new NotFoundError(`No run '${run.id}'`);
    }
  }
}
