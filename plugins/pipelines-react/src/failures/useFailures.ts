import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  ChangeFailureRequest,
  FailuresFilter,
  IgnoreFailureRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import {
  failureOptions,
  failuresKeys,
  listFailuresOptions,
  runFailureOptions,
} from './failuresQueries';

/** A run is grouped about a second after its end. */
const ASK_AGAIN_MS = 2_000;
/** A run without a failure after so many answers has none. */
const MAX_ANSWERS = 4;

/** The failure that ended a run; null when it has none, or none yet. @public */
export function useRunFailure(runId: string) {
  return useQuery({
    ...runFailureOptions(usePipelinesApi(), runId),
    refetchInterval: ({ state }) =>
      state.data || state.dataUpdateCount >= MAX_ANSWERS ? false : ASK_AGAIN_MS,
  });
}

/** Pages of failures, newest last-seen first; the old rows stay while a new filter loads. @public */
export function useFailures(filter: FailuresFilter = {}) {
  return useInfiniteQuery(listFailuresOptions(usePipelinesApi(), filter));
}

/** One failure; its occurrences are counted since `from` (ISO 8601), by default 7 days ago. @public */
export function useFailure(fingerprint: string, from?: string) {
  return useQuery({
    ...failureOptions(usePipelinesApi(), fingerprint, from),
    placeholderData: keepPreviousData,
  });
}

/** What {@link useChangeFailure} sends. @public */
export type ChangeFailureVariables = { fingerprint: string } & (
  | { action: 'resolve' | 'unresolve'; request?: ChangeFailureRequest }
  | { action: 'ignore'; request?: IgnoreFailureRequest }
);

/** Resolves, ignores or unresolves a failure; failures are read again, also after a refusal. @public */
export function useChangeFailure() {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (variables: ChangeFailureVariables) => {
      const { fingerprint, action } = variables;
      return action === 'ignore'
        ? api.failures.ignore(fingerprint, variables.request)
        : api.failures[action](fingerprint, variables.request);
    },
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: failuresKeys.all }),
  });
}
