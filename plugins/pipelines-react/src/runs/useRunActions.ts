import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  CancelRunRequest,
  SubmitRunRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { invalidateAfterAction } from './runsQueries';

/** What {@link useSubmitRun} sends; one `idempotencyKey` per opened form makes a second click harmless. @public */
export interface SubmitRunVariables {
  request: SubmitRunRequest;
  idempotencyKey?: string;
}

/** Submits a run; lists and counts are read again afterwards. @public */
export function useSubmitRun() {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ request, idempotencyKey }: SubmitRunVariables) =>
      api.submitRun(request, { idempotencyKey }),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}

/** What {@link useCancelRun} sends. @public */
export interface CancelRunVariables extends CancelRunRequest {
  runId: string;
}

/** Cancels a run; a refusal (409) still reads the run again, because it shows what happened meanwhile. @public */
export function useCancelRun() {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ runId, ...request }: CancelRunVariables) =>
      api.cancelRun(runId, request),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}
