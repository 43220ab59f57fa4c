import {
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { BackfillRequest } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { LIVE_COUNTS } from '../live/liveMeta';
import { invalidateAfterAction } from '../runs/runsQueries';
import { definitionsKeys } from './definitionsQueries';

/** What starts a pipeline by itself. @public */
export const pipelineTriggersOptions = (
  api: PipelinesApi,
  pipelineId: string,
) =>
  queryOptions({
    queryKey: [...definitionsKeys.one(pipelineId), 'triggers'] as const,
    queryFn: ({ signal }) => api.getPipelineTriggers(pipelineId, { signal }),
    meta: LIVE_COUNTS,
  });

/** {@inheritDoc pipelineTriggersOptions} @public */
export function usePipelineTriggers(pipelineId: string) {
  return useQuery(pipelineTriggersOptions(usePipelinesApi(), pipelineId));
}

/**
 * The starts that a backfill of the range would make; nothing is read while it is undefined.
 *
 * @public
 */
export function useBackfillPreview(
  pipelineId: string,
  range: Pick<BackfillRequest, 'from' | 'to' | 'again'> | undefined,
) {
  const api = usePipelinesApi();
  return useQuery({
    queryKey: [...definitionsKeys.one(pipelineId), 'backfill', range] as const,
    queryFn: ({ signal }) =>
      api.backfillPipeline(
        pipelineId,
        { from: '', to: '', ...range, dryRun: true },
        { signal },
      ),
    enabled: range !== undefined,
  });
}

/** Submits the planned starts of a range; lists and counts are read again afterwards. @public */
export function useBackfill(pipelineId: string) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (request: BackfillRequest) =>
      api.backfillPipeline(pipelineId, request),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}
