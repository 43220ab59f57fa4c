import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ClearQueueRequest,
  PauseRequestBody,
  ResumeRequestBody,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { invalidateAfterAction } from '../runs/runsQueries';
import { queueKeys } from './queueQueries';

/** A mutation after which everything that is shown is read again, also after a refusal. */
function useAction<TVariables, TAnswer>(
  act: (api: PipelinesApi, variables: TVariables) => Promise<TAnswer>,
) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (variables: TVariables) => act(api, variables),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}

/** What {@link usePauseQueue} sends; without a pipeline it is about the whole queue. @public */
export interface PauseQueueVariables {
  pipelineId?: string;
  request?: PauseRequestBody;
}

/** Pauses the queue or one pipeline: nothing new starts. @public */
export function usePauseQueue() {
  return useAction((api, { pipelineId, request }: PauseQueueVariables) =>
    pipelineId === undefined
      ? api.queue.pause(request)
      : api.queue.pausePipeline(pipelineId, request),
  );
}

/** What {@link useResumeQueue} sends; without a pipeline it is about the whole queue. @public */
export interface ResumeQueueVariables {
  pipelineId?: string;
  request?: ResumeRequestBody;
}

/** Ends a pause of the queue or of one pipeline. @public */
export function useResumeQueue() {
  return useAction((api, { pipelineId, request }: ResumeQueueVariables) =>
    pipelineId === undefined
      ? api.queue.resume(request)
      : api.queue.resumePipeline(pipelineId, request),
  );
}

/** What clearing the queue would cancel; counted anew each time it is asked. @public */
export function useClearPreview(
  request: Pick<ClearQueueRequest, 'pipeline' | 'scheduledRuns'>,
) {
  const api = usePipelinesApi();
  return useQuery({
    queryKey: [...queueKeys.all, 'clear', request] as const,
    queryFn: ({ signal }) =>
      api.queue.clear({ ...request, dryRun: true }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Cancels queued runs; 409 when another number would be cancelled than `expected`. @public */
export function useClearQueue() {
  return useAction((api, request: ClearQueueRequest) =>
    api.queue.clear(request),
  );
}

/** What {@link useDrainWorker} sends; `drain: false` lets the worker claim again. @public */
export interface DrainWorkerVariables {
  workerId: string;
  drain: boolean;
}

/** Lets a worker finish what it has and claim nothing more, or claim again. @public */
export function useDrainWorker() {
  return useAction((api, { workerId, drain }: DrainWorkerVariables) =>
    drain ? api.queue.drainWorker(workerId) : api.queue.undrainWorker(workerId),
  );
}
