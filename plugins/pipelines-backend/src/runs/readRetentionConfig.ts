import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { DEFAULT_RETENTION, type Retention } from './retention';

const DAY_MS = 86_400_000;

/** Reads `pipelines.runs.retention` and `pipelines.logs.retention`. */
export function readRetentionConfig(
  config: Config,
): Pick<Retention, 'runDays' | 'logDays'> {
  const read = (key: string, fallbackDays: number) =>
    config.has(key)
      ? durationToMilliseconds(readDurationFromConfig(config, { key })) / DAY_MS
      : fallbackDays;
  return {
    runDays: read('pipelines.runs.retention', DEFAULT_RETENTION.runDays),
    logDays: read('pipelines.logs.retention', DEFAULT_RETENTION.logDays),
  };
}
