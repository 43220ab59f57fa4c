import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

const KEY = 'pipelines.worker';
const DEFAULT_SLOTS = 2;
const MAX_SLOTS = 64;
const DEFAULT_STOP_WAIT_MS = 10_000;

/** What this process executes itself. */
export interface WorkerConfig {
  enabled: boolean;
  /** This process does nothing else: no pages, no schedules, no roll-ups. */
  only: boolean;
  /** Runs at once. */
  slots: number;
  /** How long a stopping worker lets its runs finish. */
  stopWaitMs: number;
  /** Whether timeouts go on while a run stands still. */
  pausedTimeCounts: boolean;
}

/**
 * Reads `pipelines.worker`.
 *
 * @throws InputError when the number of slots is not 1 to 64, or the process would do nothing
 */
export function readWorkerConfig(config: Config): WorkerConfig {
  const section = config.getOptionalConfig(KEY);
  const slots = section?.getOptionalNumber('slots') ?? DEFAULT_SLOTS;
  if (!Number.isInteger(slots) || slots < 1 || slots > MAX_SLOTS) {
    throw new InputError(
      `'${KEY}.slots' is ${slots}; it must be a whole number from 1 to ${MAX_SLOTS}`,
    );
  }
  const enabled = section?.getOptionalBoolean('enabled') ?? true;
  const only = section?.getOptionalBoolean('only') ?? false;
  if (only && !enabled) {
    throw new InputError(
      `'${KEY}.only' is set, but '${KEY}.enabled' is false; a process that does neither is of no use`,
    );
  }
  return {
    enabled,
    only,
    slots,
    stopWaitMs: section?.has('stopWait')
      ? durationToMilliseconds(
          readDurationFromConfig(section, { key: 'stopWait' }),
        )
      : DEFAULT_STOP_WAIT_MS,
    pausedTimeCounts: section?.getOptionalBoolean('pausedTimeCounts') ?? false,
  };
}
