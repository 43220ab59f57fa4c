import type { JsonObject } from '@backstage/types';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { LeaseLostError, type Lease } from '../../runs';
import type { AttemptRequest } from '../AttemptBatches';

/**
 * Says that the execution of an attempt is there, and how to find it again.
 *
 * @remarks
 * A run that was asked to be cancelled meanwhile stays `cancelling`; one that was asked to be
 * paused is `pausing` if it can be frozen.
 *
 * @returns the state that the run is in now
 * @throws LeaseLostError when the lease is over
 */
export async function markRunning(options: {
  call: (request: AttemptRequest) => Promise<RunState | undefined>;
  lease: Lease;
  handle: JsonObject;
  canFreeze: boolean;
}): Promise<RunState> {
  const { call, lease, handle, canFreeze } = options;
  const state = await call({
    runId: lease.runId,
    attempt: lease.attempt,
    token: lease.token,
    handle,
    canFreeze,
  });
  if (state === undefined) {
    throw new LeaseLostError(lease);
  }
  return state;
}
