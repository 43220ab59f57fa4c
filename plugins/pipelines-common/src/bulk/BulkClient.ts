import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import {
  BulkPreviewSchema,
  BulkSchema,
  ListBulkItemsResponseSchema,
  type BulkItem,
  type BulkRequest,
} from './schema';

/** Actions on many runs at once. @public */
export class BulkClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** What it would do; changes nothing. */
  preview(request: BulkRequest, options?: RequestOptions) {
    return this.#api.send(
      'POST',
      '/runs/bulk',
      BulkPreviewSchema,
      { ...request, dryRun: true },
      options,
    );
  }

  /** Begins it; it goes on by itself. */
  submit(request: BulkRequest, options?: RequestOptions) {
    return this.#api.send('POST', '/runs/bulk', BulkSchema, request, options);
  }

  /** With its progress. */
  read(bulkId: string, options?: RequestOptions) {
    return this.#api.get(pathOf`/runs/bulk/${bulkId}`, BulkSchema, options);
  }

  /** What became of each run. */
  listItems(
    bulkId: string,
    query: { state?: BulkItem['state']; limit?: number; cursor?: string } = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `${pathOf`/runs/bulk/${bulkId}/items`}${queryString(query)}`,
      ListBulkItemsResponseSchema,
      options,
    );
  }
}
