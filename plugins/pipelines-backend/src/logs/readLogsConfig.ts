import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Limits of logs and of the streams that show them. */
export interface LogsConfig {
  /** Most bytes that are stored of one attempt's log, apart from its kept end. */
  maxBytes: number;
  /** Most streams that this process serves at once. */
  maxStreams: number;
}

const DEFAULT_MAX_BYTES = 1024 ** 3;
const DEFAULT_MAX_STREAMS = 2_000;

/**
 * Reads `pipelines.logs`.
 *
 * @throws InputError naming every limit that is no positive whole number
 */
export function readLogsConfig(config: Config): LogsConfig {
  const limits = {
    maxBytes:
      config.getOptionalNumber('pipelines.logs.maxBytes') ?? DEFAULT_MAX_BYTES,
    maxStreams:
      config.getOptionalNumber('pipelines.logs.maxStreams') ??
      DEFAULT_MAX_STREAMS,
  };
  const problems = Object.entries(limits)
    .filter(([, value]) => !Number.isSafeInteger(value) || value < 1)
    .map(
      ([name, value]) =>
        `'pipelines.logs.${name}' must be a whole number of at least 1, but is ${value}`,
    );
  if (problems.length > 0) {
    throw new InputError(problems.join('\n'));
  }
  return limits;
}
