import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  PageOptions,
  RunsFilter,
  RunSort,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  listRunsOptions,
  runsKeys,
  usePipelinesApi,
} from '@millrace/backstage-plugin-pipelines-react';

/** Which page, in which order. */
export type RunsPageOptions = PageOptions & { sort?: RunSort };

/** Which page of which runs; nothing is read while `isEnabled` is false. */
export interface UseRunsPageOptions {
  filter: RunsFilter;
  page: RunsPageOptions;
  isEnabled?: boolean;
}

/** Key of one cached page of runs. */
export function runsPageKey(filter: RunsFilter, page: RunsPageOptions) {
  return [...runsKeys.all, 'page', filter, page] as const;
}

/**
 * One page of runs by its cursor, live; the old rows stay while another page loads.
 *
 * @remarks
 * Unlike `useRuns` it never holds more than one page, so that a page far back costs as much to
 * keep live as the first one.
 */
export function useRunsPage(options: UseRunsPageOptions) {
  const { filter, page, isEnabled = true } = options;
  const api = usePipelinesApi();
  return useQuery({
    queryKey: runsPageKey(filter, page),
    queryFn: ({ signal }) => api.listRuns({ ...filter, ...page }, { signal }),
    placeholderData: keepPreviousData,
    meta: listRunsOptions(api, filter).meta,
    enabled: isEnabled,
  });
}
