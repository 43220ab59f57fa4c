import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { useRefresh } from '../live/useRefresh';
import {
  listRunsOptions,
  parameterSetsOptions,
  runArtifactsOptions,
  runAttemptsOptions,
  runEventsOptions,
  runNeighboursOptions,
  runOptions,
  runOutputsOptions,
  runStepsOptions,
} from './runsQueries';

/** Which runs, and how many to a page (1 to 200, by default 50). @public */
export interface UseRunsOptions extends RunsFilter {
  limit?: number;
}

/**
 * Pages of runs, newest first; the old rows stay while a new filter loads.
 *
 * @public
 */
export function useRuns(options: UseRunsOptions = {}) {
  const api = usePipelinesApi();
  const { limit, ...filter } = options;
  return useInfiniteQuery({
    ...listRunsOptions(api, filter, limit),
    placeholderData: keepPreviousData,
  });
}

/** Why a run waits changes with what others do, of which its stream says nothing. */
const WAITING_EVERY_MS = 5_000;

/** One run, kept live by its stream or by polling; a queued one is also read every 5 s, unless live updates are paused. @public */
export function useRun(runId: string) {
  const { state: live } = useRefresh();
  return useQuery({
    ...runOptions(usePipelinesApi(), runId),
    refetchInterval: ({ state }) =>
      state.data?.state === 'queued' && live.kind !== 'paused'
        ? WAITING_EVERY_MS
        : false,
  });
}

/** Steps of an attempt of a run, by default the latest. @public */
export function useRunSteps(runId: string, attempt?: number) {
  return useQuery(runStepsOptions(usePipelinesApi(), runId, attempt));
}

/** Pages of what happened to a run, newest first. @public */
export function useRunEvents(runId: string) {
  return useInfiniteQuery(runEventsOptions(usePipelinesApi(), runId));
}

/** JSON documents that a run made. @public */
export function useRunOutputs(runId: string) {
  return useQuery(runOutputsOptions(usePipelinesApi(), runId));
}

/** Files that a run made. @public */
export function useRunArtifacts(runId: string) {
  return useQuery(runArtifactsOptions(usePipelinesApi(), runId));
}

/** The runs before and after a run in the list with this filter. @public */
export function useRunNeighbours(runId: string, filter: RunsFilter) {
  return useQuery(runNeighboursOptions(usePipelinesApi(), runId, filter));
}

/** Attempts of a run, newest first. @public */
export function useRunAttempts(runId: string) {
  return useQuery(runAttemptsOptions(usePipelinesApi(), runId));
}

/** The last five different sets of parameters that runs of a pipeline were submitted with. @public */
export function useParameterSets(pipelineId: string) {
  return useQuery(parameterSetsOptions(usePipelinesApi(), pipelineId));
}
