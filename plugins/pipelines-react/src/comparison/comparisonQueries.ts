import { queryOptions } from '@tanstack/react-query';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { runsKeys } from '../runs/runsQueries';

/** Keys of the cached answers about a run among others. @public */
export const comparisonKeys = {
  changes: (runId: string) => [...runsKeys.run(runId), 'changes'] as const,
  usual: (runId: string) =>
    ['pipelines', 'comparison', 'usual', runId] as const,
};

/** What differs between a run and the last success before it. @public */
export const runChangesOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: comparisonKeys.changes(runId),
    queryFn: ({ signal }) => api.getRunChanges(runId, { signal }),
  });

/** How long the last successes before a run took. @public */
export const usualDurationOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: comparisonKeys.usual(runId),
    queryFn: ({ signal }) => api.getUsualDuration(runId, { signal }),
    // What was before a run does not change while it runs.
    staleTime: Infinity,
  });
