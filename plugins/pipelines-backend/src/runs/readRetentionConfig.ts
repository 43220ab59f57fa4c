import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  DEFAULT_LOG_RETENTION_MS,
  DEFAULT_RUN_RETENTION_MS,
} from './tasks/PruneRunsTask';

/** How long what runs leave behind is kept. */
export interface RetentionConfig {
  runRetentionMs: number;
  logRetentionMs: number;
}

/** Reads `pipelines.runs.retention` and `pipelines.logs.retention`. */
export function readRetentionConfig(config: Config): RetentionConfig {
  const read = (key: string, fallbackMs: number) =>
    config.has(key)
      ? durationToMilliseconds(readDurationFromConfig(config, { key }))
      : fallbackMs;
  return {
    runRetentionMs: read('pipelines.runs.retention', DEFAULT_RUN_RETENTION_MS),
    logRetentionMs: read('pipelines.logs.retention', DEFAULT_LOG_RETENTION_MS),
  };
}
