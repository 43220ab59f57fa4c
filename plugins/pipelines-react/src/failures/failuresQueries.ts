import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import type { FailuresFilter } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_COUNTS } from '../live/liveMeta';

/** Keys of the cached answers about failures. @public */
export const failuresKeys = {
  all: ['pipelines', 'failures'] as const,
  list: (filter: FailuresFilter) =>
    ['pipelines', 'failures', 'list', filter] as const,
  ofRun: (runId: string) => ['pipelines', 'failures', 'run', runId] as const,
  failure: (fingerprint: string, from?: string) =>
    ['pipelines', 'failures', 'one', fingerprint, from] as const,
};

/** Pages of failures, newest last-seen first. @public */
export const listFailuresOptions = (
  api: PipelinesApi,
  filter: FailuresFilter,
) =>
  infiniteQueryOptions({
    queryKey: failuresKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      api.failures.list({ ...filter, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    placeholderData: keepPreviousData,
    meta: LIVE_COUNTS,
  });

/** The failure that ended a run. @public */
export const runFailureOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: failuresKeys.ofRun(runId),
    queryFn: async ({ signal }) =>
      (await api.failures.ofRun(runId, { signal })).failure ?? null,
  });

/** One failure with its history. @public */
export const failureOptions = (
  api: PipelinesApi,
  fingerprint: string,
  from?: string,
) =>
  queryOptions({
    queryKey: failuresKeys.failure(fingerprint, from),
    queryFn: ({ signal }) =>
      api.failures.read(fingerprint, { from }, { signal }),
    meta: LIVE_COUNTS,
  });
