import type { z } from 'zod';
import { requestJson, type PipelinesFetch } from './request';

/** Sends requests of one kind each, and parses the answers. @internal */
export class ApiCaller {
  readonly #fetchApi: PipelinesFetch;

  constructor(options: { fetchApi: PipelinesFetch }) {
    this.#fetchApi = options.fetchApi;
  }

  get<TSchema extends z.ZodType>(
    path: string,
    schema: TSchema,
    init?: RequestInit,
  ) {
    return requestJson(this.#fetchApi, path, schema, init);
  }

  /** With a JSON body. */
  send<TSchema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    schema: TSchema,
    body: unknown,
    init: RequestInit = {},
  ) {
    return requestJson(this.#fetchApi, path, schema, {
      ...init,
      method,
      headers: { 'Content-Type': 'application/json', ...init.headers },
      body: JSON.stringify(body),
    });
  }

  /** Without a body. */
  delete<TSchema extends z.ZodType>(
    path: string,
    schema: TSchema,
    init?: RequestInit,
  ) {
    return requestJson(this.#fetchApi, path, schema, {
      ...init,
      method: 'DELETE',
    });
  }

  /** With bytes as they are. */
  upload<TSchema extends z.ZodType>(
    path: string,
    schema: TSchema,
    body: BodyInit,
    init: RequestInit = {},
  ) {
    return requestJson(this.#fetchApi, path, schema, {
      ...init,
      method: 'PUT',
      headers: { 'Content-Type': 'application/octet-stream', ...init.headers },
      body,
    });
  }
}

/** A path whose values are encoded. @internal */
export function pathOf(
  parts: TemplateStringsArray,
  ...values: (string | number)[]
): string {
  return String.raw(
    { raw: parts },
    ...values.map(value => encodeURIComponent(value)),
  );
}
