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
  /** Runs at once. */
  slots: number;
  /** How long a stopping worker lets its runs finish. */
  stopWaitMs: number;
}

/**
 * Reads `pipelines.worker`.
 *
 * @throws InputError when the number of slots is not 1 to 64
 */
export function readWorkerConfig(config: Config): WorkerConfig {
  const section = config.getOptionalConfig(KEY);
  const slots = section?.getOptionalNumber('slots') ?? DEFAULT_SLOTS;
  if (!Number.isInteger(slots) || slots < 1 || slots > MAX_SLOTS) {
    throw new InputError(
      `'${KEY}.slots' is ${slots}; it must be a whole number from 1 to ${MAX_SLOTS}`,
    );
  }
  return {
    enabled: section?.getOptionalBoolean('enabled') ?? true,
    slots,
    stopWaitMs: section?.has('stopWait')
      ? durationToMilliseconds(
          readDurationFromConfig(section, { key: 'stopWait' }),
        )
      : DEFAULT_STOP_WAIT_MS,
  };
}
