import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttemptContext,
  Engine,
  EngineAttempt,
} from '@millrace/backstage-plugin-pipelines-node';
import type { ExceededTimeout } from '../queue';
import { describeTimeout } from './describeTimeout';

/** An engine took longer to start an attempt than it may. */
export class StartTimeoutError extends Error {
  constructor(readonly timeout: ExceededTimeout) {
    super(describeTimeout(timeout));
  }
}

/**
 * Starts an attempt. One that begins only after the time is ended at once.
 *
 * @throws StartTimeoutError; whatever the engine throws
 */
export async function startInTime(
  engine: Engine,
  context: AttemptContext,
  limitMs: number,
): Promise<EngineAttempt> {
  const starting = engine.start(context);
  const waited = new AbortController();
  const tooLate = sleep(limitMs, undefined, { signal: waited.signal });
  try {
    return await Promise.race([
      starting,
      tooLate.then(() => {
        throw new StartTimeoutError({ what: 'start', limitMs });
      }),
    ]);
  } catch (error) {
    starting.then(
      late => late.cancel({ force: true }),
      () => {},
    );
    throw error;
  } finally {
    waited.abort();
  }
}
