import {
  infiniteQueryOptions,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { LIVE_ROWS } from '../live/liveMeta';

/** Keys of the cached answers about runs. @public */
export const runsKeys = {
  all: ['pipelines', 'runs'] as const,
  list: (filter: RunsFilter, limit?: number) =>
    ['pipelines', 'runs', 'list', filter, limit] as const,
  run: (runId: string) => ['pipelines', 'runs', 'one', runId] as const,
  detail: (runId: string) => [...runsKeys.run(runId), 'detail'] as const,
  steps: (runId: string, attempt?: number) =>
    [...runsKeys.run(runId), 'steps', attempt] as const,
  events: (runId: string) => [...runsKeys.run(runId), 'events'] as const,
  outputs: (runId: string) => [...runsKeys.run(runId), 'outputs'] as const,
  artifacts: (runId: string) => [...runsKeys.run(runId), 'artifacts'] as const,
  attempts: (runId: string) => [...runsKeys.run(runId), 'attempts'] as const,
  neighbours: (runId: string, filter: RunsFilter) =>
    [...runsKeys.run(runId), 'neighbours', filter] as const,
  parameterSets: (pipelineId: string) =>
    ['pipelines', 'runs', 'parameter-sets', pipelineId] as const,
};

/** Pages of runs, newest first. @public */
export const listRunsOptions = (
  api: PipelinesApi,
  filter: RunsFilter,
  limit?: number,
) =>
  infiniteQueryOptions({
    queryKey: runsKeys.list(filter, limit),
    queryFn: ({ pageParam, signal }) =>
      api.listRuns({ ...filter, limit, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    meta: LIVE_ROWS,
  });

/** One run. @public */
export const runOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: runsKeys.detail(runId),
    queryFn: ({ signal }) => api.getRun(runId, { signal }),
    meta: LIVE_ROWS,
  });

/** Steps of an attempt, by default the latest, in order of position. @public */
export const runStepsOptions = (
  api: PipelinesApi,
  runId: string,
  attempt?: number,
) =>
  queryOptions({
    queryKey: runsKeys.steps(runId, attempt),
    queryFn: async ({ signal }) =>
      (await api.listRunSteps(runId, { attempt }, { signal })).items,
    meta: LIVE_ROWS,
  });

/** Pages of what happened to a run, newest first. @public */
export const runEventsOptions = (api: PipelinesApi, runId: string) =>
  infiniteQueryOptions({
    queryKey: runsKeys.events(runId),
    queryFn: ({ pageParam, signal }) =>
      api.listRunEvents(runId, { cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    meta: LIVE_ROWS,
  });

/** JSON documents that a run made. @public */
export const runOutputsOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: runsKeys.outputs(runId),
    queryFn: async ({ signal }) =>
      (await api.listRunOutputs(runId, { signal })).items,
    meta: LIVE_ROWS,
  });

/** Files that a run made. @public */
export const runArtifactsOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: runsKeys.artifacts(runId),
    queryFn: async ({ signal }) =>
      (await api.listRunArtifacts(runId, { signal })).items,
    meta: LIVE_ROWS,
  });

/** The runs before and after a run in a list. @public */
export const runNeighboursOptions = (
  api: PipelinesApi,
  runId: string,
  filter: RunsFilter,
) =>
  queryOptions({
    queryKey: runsKeys.neighbours(runId, filter),
    queryFn: ({ signal }) => api.getRunNeighbours(runId, filter, { signal }),
  });

/** Attempts of a run, newest first. @public */
export const runAttemptsOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: runsKeys.attempts(runId),
    queryFn: async ({ signal }) =>
      (await api.listRunAttempts(runId, { signal })).items,
    meta: LIVE_ROWS,
  });

/** The last five different sets of parameters of a pipeline, newest first. @public */
export const parameterSetsOptions = (api: PipelinesApi, pipelineId: string) =>
  queryOptions({
    queryKey: runsKeys.parameterSets(pipelineId),
    queryFn: async ({ signal }) =>
      (await api.listParameterSets(pipelineId, { signal })).items,
  });

/** After something was done to runs: every list, count and the run itself are read again. @internal */
export async function invalidateAfterAction(
  queryClient: QueryClient,
): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['pipelines'] });
}
