import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  pipelineRunPermission,
  runControlPermission,
  runReadPermission,
  type Bulk,
  type BulkPreview,
  type ListBulkItemsQuery,
  type ListBulkItemsResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import { BULK_PIPELINE_ID } from './bulkDefinition';
import type { BulkAuthority, BulkService } from './BulkService';
import { presentPreview } from './present';
import type { BulkRequest } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/**
 * Lets each caller do what they may to many runs.
 *
 * @remarks
 * A bulk action is seen by whoever submitted it, and by those who may see the runs of every
 * pipeline that it acts on.
 */
export class AuthorizedBulkService {
  readonly #bulk: BulkService;
  readonly #access: PipelineAccess;

  constructor(options: { bulk: BulkService; access: PipelineAccess }) {
    this.#bulk = options.bulk;
    this.#access = options.access;
  }

  /**
   * What it would do; changes nothing.
   *
   * @throws NotAllowedError when the policy lets the caller see or control no run at all; see
   * also `BulkService.resolve`
   */
  async preview(
    request: BulkRequest,
    options: CallOptions,
  ): Promise<BulkPreview> {
    const authority = await this.#authorityOf(request, options);
    return presentPreview(
      request,
      await this.#bulk.resolve(request, authority),
    );
  }

  /**
   * Begins to do it in the name of the caller.
   *
   * @throws NotAllowedError when the policy lets the caller see or control no run at all; see
   * also `BulkService.resolve` and `BulkService.submit`
   */
  async submit(request: BulkRequest, options: CallOptions): Promise<Bulk> {
    const caller = callerOf(options.credentials);
    const authority = await this.#authorityOf(request, options);
    return this.#bulk.submit(
      request,
      await this.#bulk.resolve(request, authority),
      {
        actor: caller.actor,
        trigger: caller.type === 'user' ? 'manual' : 'api',
      },
    );
  }

  /** @throws NotFoundError when there is none, or the caller may not see it */
  async read(bulkId: string, options: CallOptions): Promise<Bulk> {
    await this.#assertReadable(bulkId, options);
    return this.#bulk.read(bulkId);
  }

  /**
   * One page of what became of its runs.
   *
   * @throws NotFoundError when there is none, or the caller may not see it
   */
  async listItems(
    bulkId: string,
    query: ListBulkItemsQuery,
    options: CallOptions,
  ): Promise<ListBulkItemsResponse> {
    await this.#assertReadable(bulkId, options);
    return this.#bulk.listItems(bulkId, query);
  }

  async #authorityOf(
    request: BulkRequest,
    { credentials }: CallOptions,
  ): Promise<BulkAuthority> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    await this.#access.pipelinesFor(runControlPermission, credentials);
    return {
      pipelines: await this.#access.narrow(readable, request.filter ?? {}),
      mayControl: await this.#access.judge(runControlPermission, credentials),
      mayRun: await this.#access.judge(pipelineRunPermission, credentials),
    };
  }

  async #assertReadable(
    bulkId: string,
    { credentials }: CallOptions,
  ): Promise<void> {
    const { submittedBy, pipelineIds } = await this.#bulk.identify(bulkId);
    const mayRead = await this.#access.judge(runReadPermission, credentials);
    const readable =
      mayRead({ pipelineId: BULK_PIPELINE_ID, submittedBy }) ||
      pipelineIds.every(pipelineId => mayRead({ pipelineId }));
    if (!readable) {
      throw new NotFoundError(`No bulk action '${bulkId}'`);
    }
  }
}
