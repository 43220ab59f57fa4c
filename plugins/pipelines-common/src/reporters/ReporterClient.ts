import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import { RunReceiptSchema } from '../runs/schema';
import {
  ReportLogResponseSchema,
  type ReportRunRequest,
  type ReportStepsRequest,
} from './schema';

/** Reports one run that is executed elsewhere; every call can be repeated. @public */
export class ReporterClient {
  readonly #api: ApiCaller;
  readonly #path: string;

  /** @internal */
  constructor(api: ApiCaller, reporter: string, externalId: string) {
    this.#api = api;
    this.#path = pathOf`/runs/external/${reporter}/${externalId}`;
  }

  /** How it stands now. */
  report(request: ReportRunRequest, options?: RequestOptions) {
    return this.#api.send(
      'PUT',
      this.#path,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** All steps so far, in order. */
  reportSteps(request: ReportStepsRequest, options?: RequestOptions) {
    return this.#api.send(
      'PUT',
      `${this.#path}/steps`,
      RunReceiptSchema,
      request,
      options,
    );
  }

  /** Whole lines, from `offset` of the reporter's log on. */
  reportLog(
    query: { offset: number; stream?: 'stdout' | 'stderr' },
    bytes: BodyInit,
    options?: RequestOptions,
  ) {
    return this.#api.upload(
      `${this.#path}/logs${queryString(query)}`,
      ReportLogResponseSchema,
      bytes,
      options,
    );
  }

  /** A file. */
  reportArtifact(
    name: string,
    bytes: BodyInit,
    query: { sha256?: string } = {},
    options?: RequestOptions & { mediaType?: string },
  ) {
    const { mediaType = 'application/octet-stream', ...init } = options ?? {};
    return this.#api.upload(
      `${this.#path}${pathOf`/artifacts/${name}`}${queryString(query)}`,
      RunReceiptSchema,
      bytes,
      { ...init, headers: { 'Content-Type': mediaType } },
    );
  }
}
