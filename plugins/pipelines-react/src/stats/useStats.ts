import { useQuery } from '@tanstack/react-query';
import type { StatsTotalsFilter } from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import {
  statsByPipelineOptions,
  statsHistoryOptions,
  statsOptions,
  type StatsHistoryFilter,
} from './statsQueries';

/** Counts and durations over a window, by default the last 7 days. @public */
export function useStats(filter: StatsTotalsFilter = {}) {
  return useQuery(statsOptions(usePipelinesApi(), filter));
}

/** Counts and durations of each pipeline over a window, the busiest first. @public */
export function useStatsByPipeline(filter: StatsTotalsFilter = {}) {
  return useQuery(statsByPipelineOptions(usePipelinesApi(), filter));
}

/** Counts and durations per hour or day. @public */
export function useStatsHistory(filter: StatsHistoryFilter = {}) {
  return useQuery(statsHistoryOptions(usePipelinesApi(), filter));
}
