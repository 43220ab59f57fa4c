import { queryOptions } from '@tanstack/react-query';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { runsKeys } from '../runs/runsQueries';

/** Keys of the cached answers about a run among others. @public */
export const comparisonKeys = {
  changes: (runId: string) => [...runsKeys.run(runId), 'changes'] as const,
};

/** What differs between a run and the last success before it. @public */
export const runChangesOptions = (api: PipelinesApi, runId: string) =>
  queryOptions({
    queryKey: comparisonKeys.changes(runId),
    queryFn: ({ signal }) => api.getRunChanges(runId, { signal }),
  });
