import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const KEY = 'search.collators.pipelines';

/** How long a failed run can be found when the configuration does not say. */
const DEFAULT_RUN_DAYS = 14;
const MAX_RUN_DAYS = 400;

/** The index is replaced as a whole each time, so it stays small. */
const DEFAULT_MAX_RUNS = 5_000;
const DEFAULT_MAX_PIPELINES = 10_000;
const MAX_DOCUMENTS = 100_000;

const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 5 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 10 },
};

/** How much is indexed. */
export interface CollatorLimits {
  /** Failed runs that were submitted this many days ago at most. */
  runDays: number;
  /** The newest of them, if there are more. */
  maxRuns: number;
  maxPipelines: number;
}

/**
 * What `search.collators.pipelines` says.
 *
 * @throws InputError when a number is outside of what it may be
 */
export function readCollatorsConfig(
  config: Config,
): CollatorLimits & { schedule: SchedulerServiceTaskScheduleDefinition } {
  const own = config.getOptionalConfig(KEY);
  const schedule = own?.getOptionalConfig('schedule');
  const whole = (name: string, fallback: number, max: number) => {
    const value = own?.getOptionalNumber(name) ?? fallback;
    if (!Number.isInteger(value) || value < 1 || value > max) {
      throw new InputError(
        `'${KEY}.${name}' is ${value}; it must be a whole number from 1 to ${max}`,
      );
    }
    return value;
  };
  return {
    schedule: schedule
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule)
      : DEFAULT_SCHEDULE,
    runDays: whole('runDays', DEFAULT_RUN_DAYS, MAX_RUN_DAYS),
    maxRuns: whole('maxRuns', DEFAULT_MAX_RUNS, MAX_DOCUMENTS),
    maxPipelines: whole('maxPipelines', DEFAULT_MAX_PIPELINES, MAX_DOCUMENTS),
  };
}
