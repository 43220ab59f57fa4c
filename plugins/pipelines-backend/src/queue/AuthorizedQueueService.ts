import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  runControlPermission,
  runReadPermission,
  type RunReceipt,
  type Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { AuthorizedRunsService } from '../runs';
import { listWorkers } from './operations/listWorkers';
import { presentWorker } from './present';
import type { RunQueue } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Lets each caller see the workers, and cancel the runs that they may control. */
export class AuthorizedQueueService {
  readonly #knex: Knex;
  readonly #queue: RunQueue;
  readonly #runs: AuthorizedRunsService;
  readonly #access: PipelineAccess;

  constructor(options: {
    knex: Knex;
    queue: RunQueue;
    runs: AuthorizedRunsService;
    access: PipelineAccess;
  }) {
    this.#knex = options.knex;
    this.#queue = options.queue;
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
    { credentials }: CallOptions,
  ): Promise<RunReceipt> {
    const run = await this.#runs.identifyRun(request.runId, { credentials });
    const allowed = await this.#access.isAllowed(
      runControlPermission,
      run,
      credentials,
    );
    if (!allowed) {
      throw new NotAllowedError(`Not allowed to cancel run '${run.id}'`);
    }
    return this.#queue.requestCancel({
      ...request,
      by: callerOf(credentials).actor,
    });
  }

  /** Every worker, newest first, with those of its runs that the caller may see. */
  async listWorkers({ credentials }: CallOptions): Promise<Worker[]> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    const rows = await listWorkers({ knex: this.#knex });
    return rows.map(row => presentWorker(row, readable));
  }
}
