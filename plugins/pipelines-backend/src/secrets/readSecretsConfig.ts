import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const KEY = 'pipelines.secrets';
const MIN_KEY_LENGTH = 24;

/** What secret parameters are sealed with. */
export interface SecretsConfig {
  /** Newest first; none: pipelines cannot have secret parameters. */
  keys: string[];
}

/**
 * Reads `pipelines.secrets`: `key`, and `keys` with former ones.
 *
 * @throws InputError when a key is too short
 */
export function readSecretsConfig(config: Config): SecretsConfig {
  const key = config.getOptionalString(`${KEY}.key`);
  const keys = [
    ...(key ? [key] : []),
    ...(config.getOptionalStringArray(`${KEY}.keys`) ?? []),
  ];
  if (keys.some(text => text.length < MIN_KEY_LENGTH)) {
    throw new InputError(
      `A key in '${KEY}' is too short: it must have at least ${MIN_KEY_LENGTH} characters; make one with 'openssl rand -base64 32'`,
    );
  }
  return { keys: [...new Set(keys)] };
}
