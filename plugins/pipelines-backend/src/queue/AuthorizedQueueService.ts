import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  pipelineReadPermission,
  queueControlPermission,
  runControlPermission,
  runReadPermission,
  type ClearQueueRequestSchema,
  type ClearQueueResponse,
  type ListQueuedRunsQuery,
  type ListQueuedRunsResponse,
  type PauseRequestBodySchema,
  type PauseResponse,
  type Queue,
  type RunReceipt,
  type Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import type { z } from 'zod';
import { callerOf } from '../http';
import type { PipelineAccess, PipelineSet } from '../permissions';
import type { Actor, AuthorizedRunsService } from '../runs';
import type { QueueDefinitions } from './DatabaseRunQueue';
import type { QueueService } from './QueueService';
import type { RunQueue } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Lets each caller see the queue of what they may see, and control what they may control. */
export class AuthorizedQueueService {
  readonly #queue: RunQueue;
  readonly #service: QueueService;
  readonly #definitions: QueueDefinitions;
  readonly #runs: AuthorizedRunsService;
  readonly #access: PipelineAccess;

  constructor(options: {
    queue: RunQueue;
    service: QueueService;
    definitions: QueueDefinitions;
    runs: AuthorizedRunsService;
    access: PipelineAccess;
  }) {
    this.#queue = options.queue;
    this.#service = options.service;
    this.#definitions = options.definitions;
    this.#runs = options.runs;
    this.#access = options.access;
  }

  /**
   * Cancels a run; asking twice equals asking once.
   *
   * @throws NotFoundError when there is none, or the caller may not see it; NotAllowedError when
   * the caller may only see it; ConflictError when it ended otherwise
   */
  async cancelRun(
    request: { runId: string; reason?: string; force?: boolean },
    options: CallOptions,
  ): Promise<RunReceipt> {
    const by = await this.#controllerOf(request.runId, 'cancel', options);
    return this.#queue.requestCancel({ ...request, by });
  }

  /**
   * Pauses or holds a run; asking twice equals asking once.
   *
   * @throws NotFoundError, NotAllowedError, ConflictError as cancelling does
   */
  async pauseRun(
    request: { runId: string; reason?: string },
    options: CallOptions,
  ): Promise<RunReceipt> {
    const by = await this.#controllerOf(request.runId, 'pause', options);
    return this.#queue.requestPause({ ...request, by });
  }

  /**
   * Lets a paused or held run go on; asking twice equals asking once.
   *
   * @throws NotFoundError, NotAllowedError, ConflictError as cancelling does
   */
  async resumeRun(
    request: { runId: string; reason?: string },
    options: CallOptions,
  ): Promise<RunReceipt> {
    const by = await this.#controllerOf(request.runId, 'resume', options);
    return this.#queue.requestResume({ ...request, by });
  }

  /** Every worker, newest first, with those of its runs that the caller may see. */
  async listWorkers({ credentials }: CallOptions): Promise<Worker[]> {
    return this.#service.listWorkers(
      await this.#access.pipelinesFor(runReadPermission, credentials),
    );
  }

  /** How the queue stands, counted over the pipelines whose runs the caller may see. */
  async readQueue({ credentials }: CallOptions): Promise<Queue> {
    return this.#service.read(
      await this.#access.pipelinesFor(runReadPermission, credentials),
    );
  }

  /** One page of the queued runs that the caller may see, the most urgent first. */
  async listQueuedRuns(
    query: ListQueuedRunsQuery,
    { credentials }: CallOptions,
  ): Promise<ListQueuedRunsResponse> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    const wanted = await this.#access.narrow(readable, {
      pipeline: query.pipeline,
    });
    return this.#service.listRuns(query, wanted);
  }

  /** @throws NotAllowedError when the caller may not control the queue of every pipeline */
  async pauseQueue(
    request: z.output<typeof PauseRequestBodySchema>,
    { credentials }: CallOptions,
  ): Promise<PauseResponse> {
    const by = await this.#controllerOfAll(
      'pause the whole queue',
      credentials,
    );
    return { paused: await this.#service.pause({ by, request }) };
  }

  /** @throws NotAllowedError when the caller may not control the queue of every pipeline */
  async resumeQueue(
    request: { reason?: string },
    { credentials }: CallOptions,
  ): Promise<PauseResponse> {
    const by = await this.#controllerOfAll(
      'resume the whole queue',
      credentials,
    );
    await this.#service.resume({ by, ...request });
    return {};
  }

  /**
   * Cancels the queued runs of the pipelines whose queue the caller may control.
   *
   * @throws NotAllowedError when there is no such pipeline; ConflictError when it would be another
   * number than was expected; InputError when it would be too many
   */
  async clearQueue(
    request: z.output<typeof ClearQueueRequestSchema>,
    { credentials }: CallOptions,
  ): Promise<ClearQueueResponse> {
    const controlled = await this.#access.pipelinesFor(
      queueControlPermission,
      credentials,
    );
    const readable = await this.#access
      .pipelinesFor(runReadPermission, credentials)
      .catch((error): PipelineSet => {
        if (error instanceof NotAllowedError) {
          return controlled;
        }
        throw error;
      });
    const wanted = { pipeline: request.pipeline };
    return this.#service.clear({
      request,
      by: callerOf(credentials).actor,
      pipelines: await this.#access.narrow(controlled, wanted),
      seen: await this.#access.narrow(readable, wanted),
    });
  }

  /** @throws NotFoundError when there is none, or the caller may not see it; NotAllowedError */
  async pausePipeline(
    pipelineId: string,
    request: z.output<typeof PauseRequestBodySchema>,
    { credentials }: CallOptions,
  ): Promise<PauseResponse> {
    const by = await this.#controllerOfPipeline(
      pipelineId,
      'pause',
      credentials,
    );
    return { paused: await this.#service.pause({ pipelineId, by, request }) };
  }

  /** @throws NotFoundError when there is none, or the caller may not see it; NotAllowedError */
  async resumePipeline(
    pipelineId: string,
    request: { reason?: string },
    { credentials }: CallOptions,
  ): Promise<PauseResponse> {
    const by = await this.#controllerOfPipeline(
      pipelineId,
      'resume',
      credentials,
    );
    await this.#service.resume({ pipelineId, by, ...request });
    return {};
  }

  /**
   * Lets a worker claim nothing more, or claim again.
   *
   * @throws NotAllowedError when the caller may not control the queue of every pipeline;
   * NotFoundError when there is no such worker
   */
  async drainWorker(
    request: { workerId: string; drains: boolean },
    { credentials }: CallOptions,
  ): Promise<Worker> {
    const by = await this.#controllerOfAll(
      'drain or undrain a worker',
      credentials,
    );
    await this.#service.drain({ by, ...request });
    const readable = await this.#access
      .pipelinesFor(runReadPermission, credentials)
      .catch((error): PipelineSet => {
        if (error instanceof NotAllowedError) {
          return [];
        }
        throw error;
      });
    const workers = await this.#service.listWorkers(readable);
    const worker = workers.find(({ id }) => id === request.workerId);
    if (!worker) {
      throw new NotFoundError(
        `No worker '${request.workerId}'; it has stopped meanwhile`,
      );
    }
    return worker;
  }

  async #controllerOf(
    runId: string,
    action: string,
    { credentials }: CallOptions,
  ): Promise<Actor> {
    const run = await this.#runs.identifyRun(runId, { credentials });
    const allowed = await this.#access.isAllowed(
      runControlPermission,
      run,
      credentials,
    );
    if (!allowed) {
      throw new NotAllowedError(`Not allowed to ${action} run '${run.id}'`);
    }
    return callerOf(credentials).actor;
  }

  async #controllerOfAll(
    action: string,
    credentials: BackstageCredentials,
  ): Promise<Actor> {
    const controlled = await this.#access.pipelinesFor(
      queueControlPermission,
      credentials,
    );
    if (controlled !== 'all') {
      throw new NotAllowedError(
        `To ${action} concerns every pipeline, and you may control the queue of some only; pause single pipelines instead`,
      );
    }
    return callerOf(credentials).actor;
  }

  async #controllerOfPipeline(
    pipelineId: string,
    action: string,
    credentials: BackstageCredentials,
  ): Promise<Actor> {
    const definition = this.#definitions.find(pipelineId);
    const target = { pipelineId };
    const [readable, controllable] = await Promise.all([
      this.#access.isAllowed(pipelineReadPermission, target, credentials),
      this.#access.isAllowed(queueControlPermission, target, credentials),
    ]);
    if (!definition || definition.internal || !readable) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}', or you may not see it`,
      );
    }
    if (!controllable) {
      throw new NotAllowedError(
        `Not allowed to ${action} pipeline '${pipelineId}'`,
      );
    }
    return callerOf(credentials).actor;
  }
}
