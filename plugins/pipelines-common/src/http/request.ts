import { ResponseError } from '@backstage/errors';
import { z } from 'zod';

/**
 * A `fetch` that resolves `plugin://pipelines` and adds the caller's token: Backstage's
 * `fetchApi` in a browser, or one of the caller's own in Node.
 *
 * @public
 */
export interface PipelinesFetch {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

/** Options that every call of the client takes. @public */
export interface RequestOptions {
  signal?: AbortSignal;
}

/** What {@link queryString} can write. @internal */
type QueryValue =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string>>
  | undefined;

/**
 * The query string of defined values; lists become comma separated, and each entry of a record
 * a parameter `<name>.<key>` of its own.
 *
 * @internal
 */
export function queryString(
  query: Readonly<Record<string, QueryValue>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (isRecord(value)) {
      for (const [key, entry] of Object.entries(value)) {
        parameters.set(`${name}.${key}`, entry);
      }
    } else if (
      value !== undefined &&
      !(Array.isArray(value) && value.length === 0)
    ) {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** Sends one request and parses the answer; a failure is thrown as `ResponseError`. @internal */
export async function requestJson<TSchema extends z.ZodType>(
  fetchApi: PipelinesFetch,
  path: string,
  schema: TSchema,
  init?: RequestInit,
): Promise<z.output<TSchema>> {
  const response = await fetchApi.fetch(`plugin://pipelines${path}`, init);
  if (!response.ok) {
    throw await ResponseError.fromResponse(response);
  }
  return schema.parse(await response.json());
}

function isRecord(
  value: QueryValue,
): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value);
}
