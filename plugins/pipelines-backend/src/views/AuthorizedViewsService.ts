import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  runReadPermission,
  type CreateViewRequest,
  type ListViewsQuery,
  type ListViewsResponse,
  type SavedView,
  type UpdateViewRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { Person } from './types';
import type { ViewsService } from './ViewsService';

interface CallOptions {
  credentials: BackstageCredentials;
}

/**
 * Lets everybody who may see some runs save views for themselves and their groups.
 *
 * @remarks
 * Who has the id of a view may open it, so that a link is enough to show it to a colleague of
 * another team. That gives away its name and its query and nothing else: the list that it opens
 * contains the runs that the colleague may see.
 */
export class AuthorizedViewsService {
  readonly #views: ViewsService;
  readonly #access: PipelineAccess;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    views: ViewsService;
    access: PipelineAccess;
    userInfo: UserInfoService;
  }) {
    this.#views = options.views;
    this.#access = options.access;
    this.#userInfo = options.userInfo;
  }

  /** @throws NotAllowedError for services, and when the policy lets the caller see no run at all */
  async list(
    query: ListViewsQuery,
    options: CallOptions,
  ): Promise<ListViewsResponse> {
    return this.#views.list(query, await this.#identify(options));
  }

  /** {@inheritDoc ViewsService.read} */
  async read(viewId: string, options: CallOptions): Promise<SavedView> {
    return this.#views.read(viewId, await this.#identify(options));
  }

  /** {@inheritDoc ViewsService.create} */
  async create(
    request: CreateViewRequest,
    options: CallOptions,
  ): Promise<SavedView> {
    return this.#views.create(request, await this.#identify(options));
  }

  /** {@inheritDoc ViewsService.update} */
  async update(
    viewId: string,
    request: UpdateViewRequest,
    options: CallOptions,
  ): Promise<SavedView> {
    return this.#views.update(viewId, request, await this.#identify(options));
  }

  /** {@inheritDoc ViewsService.delete} */
  async delete(viewId: string, options: CallOptions): Promise<SavedView> {
    return this.#views.delete(viewId, await this.#identify(options));
  }

  async #identify({ credentials }: CallOptions): Promise<Person> {
    const { type, actor } = callerOf(credentials);
    if (type !== 'user') {
      throw new NotAllowedError('Views are saved by people, not by services');
    }
    await this.#access.pipelinesFor(runReadPermission, credentials);
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    return { actor, owners: [...new Set([actor, ...ownershipEntityRefs])] };
  }
}
