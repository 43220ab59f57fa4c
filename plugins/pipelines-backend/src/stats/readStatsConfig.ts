import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { IANAZone } from 'luxon';

const KEY = 'pipelines.stats.timezone';

/** How statistics are cut. */
export interface StatsConfig {
  /** IANA name of the zone that days are cut in. */
  timezone: string;
}

/**
 * Reads `pipelines.stats`.
 *
 * @throws InputError when there is no such time zone
 */
export function readStatsConfig(config: Config): StatsConfig {
  const timezone = config.getOptionalString(KEY) ?? 'UTC';
  if (!IANAZone.isValidZone(timezone)) {
    throw new InputError(
      `'${KEY}' is '${timezone}'; it must be an IANA time zone such as Europe/Berlin`,
    );
  }
  return { timezone };
}
