import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import type { ConfiguredPortal, WatchSettings } from './types';

const CONCURRENCY_KEY = 'pipelines.concurrency';
const WATCHES_KEY = 'pipelines.watches';
const MAX_CONCURRENCY = 10_000;

/** How long a watched file must have stopped growing when the configuration does not say. */
export const DEFAULT_STABLE_SECONDS = 10;

/**
 * Reads what of the configuration the settings of the portal can change: `pipelines.concurrency`,
 * and of each watch under `pipelines.watches` its `folder`, `enabled` and `stable`.
 *
 * @param options - what other readers have read already
 * @throws InputError when the concurrency is not 1 to 10,000
 */
export function readPortalConfig(
  config: Config,
  options: {
    root: string;
    slots: number;
    retention: ConfiguredPortal['retention'];
  },
): ConfiguredPortal {
  const concurrency = config.getOptionalNumber(CONCURRENCY_KEY);
  if (
    concurrency !== undefined &&
    !(
      Number.isInteger(concurrency) &&
      concurrency >= 1 &&
      concurrency <= MAX_CONCURRENCY
    )
  ) {
    throw new InputError(
      `'${CONCURRENCY_KEY}' is ${concurrency}; it must be a whole number from 1 to ${MAX_CONCURRENCY}, leave it out for no limit`,
    );
  }
  const { root, slots, retention } = options;
  return {
    root,
    concurrency,
    slots,
    watches: readWatches(config.getOptionalConfig(WATCHES_KEY)),
    retention,
  };
}

function readWatches(
  section: Config | undefined,
): Record<string, WatchSettings> {
  const watches = (section?.keys() ?? []).map((id): [string, WatchSettings] => {
    const watch = section!.getConfig(id);
    return [
      id,
      {
        enabled: watch.getOptionalBoolean('enabled') ?? true,
        folder: watch.getString('folder'),
        stableSeconds: watch.has('stable')
          ? durationToMilliseconds(
              readDurationFromConfig(watch, { key: 'stable' }),
            ) / 1_000
          : DEFAULT_STABLE_SECONDS,
      },
    ];
  });
  return Object.fromEntries(watches);
}
