import { pathOf, type ApiCaller } from '../http/ApiCaller';
import { queryString, type RequestOptions } from '../http/request';
import type { LogLevel } from './level';
import { LogLinesSchema, LogSearchSchema } from './search';

/** What is searched for in a log; see `LogSearchQuerySchema`. @public */
export type LogSearchRequest = {
  q?: string;
  attempt?: number;
  level?: readonly LogLevel[];
  step?: string;
  stream?: 'stdout' | 'stderr';
  from?: number;
  index?: number;
  near?: number;
  limit?: number;
};

/** Searches in logs. @public */
export class LogsClient {
  readonly #api: ApiCaller;

  /** @internal */
  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** Counts and lists the lines of a run's log that a query finds. */
  search(
    runId: string,
    query: LogSearchRequest = {},
    options?: RequestOptions,
  ) {
    return this.#api.get(
      `${pathOf`/runs/${runId}/logs/search`}${queryString(query)}`,
      LogSearchSchema,
      options,
    );
  }

  /** Lines by number, wherever in the log they are. */
  readLines(
    runId: string,
    query: { attempt?: number; numbers: readonly number[] },
    options?: RequestOptions,
  ) {
    const numbers = query.numbers.map(String);
    return this.#api.get(
      `${pathOf`/runs/${runId}/logs/lines`}${queryString({
        ...query,
        numbers,
      })}`,
      LogLinesSchema,
      options,
    );
  }
}
