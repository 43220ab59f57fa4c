import type { RunQueue } from '../queue';
import type { Lease } from '../runs';

/** A worker on a host of its own, for tests that need no process. */
export const TEST_WORKER = { id: 'worker-a', host: 'host-a', bootId: 'boot-a' };

/** Claims the next queued run of any of these pipelines; fails when there is none. */
export async function claimOne(
  queue: RunQueue,
  pipelineIds: readonly string[],
  worker = TEST_WORKER,
): Promise<Lease> {
  const [claimed] = await queue.claim({ worker, pipelineIds, limit: 1 });
  if (!claimed) {
    throw new Error('No run is queued');
  }
  return claimed.lease;
}
