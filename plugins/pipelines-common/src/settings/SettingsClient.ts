import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import {
  ListRevisionsResponseSchema,
  SettingsSchema,
  type RestoreSettingsRequest,
  type SaveGlobalSettingsRequest,
  type SavePipelineSettingsRequest,
} from './schema';

/** The settings of one pipeline, or of the portal. @public */
export class SettingsClient<
  TSave extends SavePipelineSettingsRequest | SaveGlobalSettingsRequest,
> {
  readonly #api: ApiCaller;
  readonly #path: string;

  /** @internal */
  constructor(api: ApiCaller, path: string) {
    this.#api = api;
    this.#path = path;
  }

  /** Settings of a pipeline. @internal */
  static ofPipeline(api: ApiCaller, pipelineId: string) {
    return new SettingsClient<SavePipelineSettingsRequest>(
      api,
      pathOf`/pipelines/${pipelineId}/settings`,
    );
  }

  /** Settings of the portal. @internal */
  static ofPortal(api: ApiCaller) {
    return new SettingsClient<SaveGlobalSettingsRequest>(api, '/settings');
  }

  /** Configured, edited, in force. */
  read(options?: RequestOptions) {
    return this.#api.get(this.#path, SettingsSchema, options);
  }

  /** Saves a new revision, or only checks it with `dryRun`. */
  save(request: TSave, options?: RequestOptions) {
    return this.#api.send('PUT', this.#path, SettingsSchema, request, options);
  }

  /** Revisions, newest first. */
  listRevisions(
    query: { limit?: number; cursor?: string } = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `${this.#path}/revisions${queryString(query)}`,
      ListRevisionsResponseSchema,
      options,
    );
  }

  /** Makes a new revision like an old one. */
  restore(
    revision: number,
    request: RestoreSettingsRequest,
    options?: RequestOptions,
  ) {
    return this.#api.send(
      'POST',
      `${this.#path}${pathOf`/revisions/${revision}/restore`}`,
      SettingsSchema,
      request,
      options,
    );
  }
}
