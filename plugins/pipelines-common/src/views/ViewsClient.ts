import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import {
  ListViewsResponseSchema,
  SavedViewSchema,
  type CreateViewRequest,
  type UpdateViewRequest,
  type ViewPage,
} from './schema';

/** Saved views of lists. @public */
export class ViewsClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** The caller's own first, then those of teams, each by name. */
  list(
    query: { page: ViewPage; limit?: number; cursor?: string },
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `/views${queryString(query)}`,
      ListViewsResponseSchema,
      options,
    );
  }

  /** Whosever it is. */
  read(viewId: string, options?: RequestOptions) {
    return this.#api.get(pathOf`/views/${viewId}`, SavedViewSchema, options);
  }

  /** Saves a new one. */
  create(request: CreateViewRequest, options?: RequestOptions) {
    return this.#api.send('POST', '/views', SavedViewSchema, request, options);
  }

  /** Changes it; 409 when somebody else has changed it since `revision`. */
  update(viewId: string, request: UpdateViewRequest, options?: RequestOptions) {
    return this.#api.send(
      'PUT',
      pathOf`/views/${viewId}`,
      SavedViewSchema,
      request,
      options,
    );
  }

  /** Deletes it, and answers with what it was. */
  delete(viewId: string, options?: RequestOptions) {
    return this.#api.delete(pathOf`/views/${viewId}`, SavedViewSchema, options);
  }
}
