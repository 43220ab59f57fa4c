import { useQuery } from '@tanstack/react-query';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { runChangesOptions, usualDurationOptions } from './comparisonQueries';

/** What differs between a run and the last success before it, rarest first. @public */
export function useRunChanges(runId: string) {
  return useQuery(runChangesOptions(usePipelinesApi(), runId));
}

/** How long the last successes before a run took; asked once, and not while `isEnabled` is false. @public */
export function useUsualDuration(runId: string, isEnabled = true) {
  return useQuery({
    ...usualDurationOptions(usePipelinesApi(), runId),
    enabled: isEnabled,
  });
}
