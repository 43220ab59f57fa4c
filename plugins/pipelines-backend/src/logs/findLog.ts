import { NotFoundError } from '@backstage/errors';
import type { DatabaseLogsStore } from './DatabaseLogsStore';
import type { AttemptLog } from './types';

/**
 * How much is stored of an attempt's log, by default of the latest attempt; undefined when no
 * attempt was wanted by number and the run has none yet.
 *
 * @throws NotFoundError when there is no such attempt
 */
export async function findLog(
  store: DatabaseLogsStore,
  runId: string,
  attempt: number | undefined,
): Promise<AttemptLog | undefined> {
  const logs = await store.readAttemptLogs(runId);
  const log =
    attempt === undefined
      ? logs.at(-1)
      : logs.find(item => item.attempt === attempt);
  if (!log && attempt !== undefined) {
    throw new NotFoundError(`Run '${runId}' has no attempt ${attempt}`);
  }
  return log;
}

/** What is thrown where lines are missing that had been stored. */
export function removedLog(runId: string, attempt: number): NotFoundError {
  return new NotFoundError(
    `The log of attempt ${attempt} of run '${runId}' was removed because it was older than logs are kept`,
  );
}
