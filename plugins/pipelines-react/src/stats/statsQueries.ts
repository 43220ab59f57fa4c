import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  StatsFilter,
  StatsTotalsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_COUNTS } from '../live/liveMeta';

/** Which statistics over time: runs, width of a bucket, and whether one series per pipeline. @public */
export type StatsHistoryFilter = StatsFilter & {
  bucket?: 'hour' | 'day';
  groupBy?: 'none' | 'pipeline';
};

/** Keys of the cached statistics. @public */
export const statsKeys = {
  all: ['pipelines', 'stats'] as const,
  totals: (filter: StatsTotalsFilter) =>
    ['pipelines', 'stats', 'totals', filter] as const,
  byPipeline: (filter: StatsTotalsFilter) =>
    ['pipelines', 'stats', 'by-pipeline', filter] as const,
  history: (filter: StatsHistoryFilter) =>
    ['pipelines', 'stats', 'history', filter] as const,
};

/** Counts and durations over a window. @public */
export const statsOptions = (api: PipelinesApi, filter: StatsTotalsFilter) =>
  queryOptions({
    queryKey: statsKeys.totals(filter),
    queryFn: ({ signal }) => api.getStats(filter, { signal }),
    placeholderData: keepPreviousData,
    meta: LIVE_COUNTS,
  });

/** The same of each pipeline. @public */
export const statsByPipelineOptions = (
  api: PipelinesApi,
  filter: StatsTotalsFilter,
) =>
  queryOptions({
    queryKey: statsKeys.byPipeline(filter),
    queryFn: ({ signal }) => api.getStatsByPipeline(filter, { signal }),
    placeholderData: keepPreviousData,
    meta: LIVE_COUNTS,
  });

/** Counts and durations per hour or day. @public */
export const statsHistoryOptions = (
  api: PipelinesApi,
  filter: StatsHistoryFilter,
) =>
  queryOptions({
    queryKey: statsKeys.history(filter),
    queryFn: ({ signal }) => api.getStatsHistory(filter, { signal }),
    placeholderData: keepPreviousData,
    meta: LIVE_COUNTS,
  });
