import { useQuery } from '@tanstack/react-query';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { runChangesOptions } from './comparisonQueries';

/** What differs between a run and the last success before it, rarest first. @public */
export function useRunChanges(runId: string) {
  return useQuery(runChangesOptions(usePipelinesApi(), runId));
}
