import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  CancelRunRequest,
  PauseRunRequest,
  ResumeRunRequest,
  RetryRunRequest,
  SubmitRunRequest,
  UpdateRunRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { invalidateAfterAction } from './runsQueries';

/** Everything is read again afterwards, also after a refusal (409): it shows what happened meanwhile. */
function useRunAction<TVariables, TAnswer>(
  act: (api: PipelinesApi, variables: TVariables) => Promise<TAnswer>,
) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (variables: TVariables) => act(api, variables),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}

/** What {@link useSubmitRun} sends; one `idempotencyKey` per opened form makes a second click harmless. @public */
export interface SubmitRunVariables {
  request: SubmitRunRequest;
  idempotencyKey?: string;
}

/** Submits a run; lists and counts are read again afterwards. @public */
export function useSubmitRun() {
  return useRunAction((api, { request, idempotencyKey }: SubmitRunVariables) =>
    api.submitRun(request, { idempotencyKey }),
  );
}

/** What {@link useCancelRun} sends. @public */
export interface CancelRunVariables extends CancelRunRequest {
  runId: string;
}

/** Cancels a run. @public */
export function useCancelRun() {
  return useRunAction((api, { runId, ...request }: CancelRunVariables) =>
    api.cancelRun(runId, request),
  );
}

/** What {@link usePauseRun} sends. @public */
export interface PauseRunVariables extends PauseRunRequest {
  runId: string;
}

/** Holds a queued run, or lets a running one stand still. @public */
export function usePauseRun() {
  return useRunAction((api, { runId, ...request }: PauseRunVariables) =>
    api.pauseRun(runId, request),
  );
}

/** What {@link useResumeRun} sends. @public */
export interface ResumeRunVariables extends ResumeRunRequest {
  runId: string;
}

/** Lets a held or paused run go on. @public */
export function useResumeRun() {
  return useRunAction((api, { runId, ...request }: ResumeRunVariables) =>
    api.resumeRun(runId, request),
  );
}

/** What {@link useRetryRun} sends; the key works as for {@link useSubmitRun}. @public */
export interface RetryRunVariables {
  runId: string;
  request: RetryRunRequest;
  idempotencyKey?: string;
}

/** Submits an ended run once more; answers with the new run. @public */
export function useRetryRun() {
  return useRunAction(
    (api, { runId, request, idempotencyKey }: RetryRunVariables) =>
      api.retryRun(runId, request, { idempotencyKey }),
  );
}

/** What {@link useUpdateRun} sends. @public */
export interface UpdateRunVariables extends UpdateRunRequest {
  runId: string;
}

/** Changes note or labels, or priority or start time of a queued run. @public */
export function useUpdateRun() {
  return useRunAction((api, { runId, ...request }: UpdateRunVariables) =>
    api.updateRun(runId, request),
  );
}
