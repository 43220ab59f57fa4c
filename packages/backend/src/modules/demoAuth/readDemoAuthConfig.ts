import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const PROVIDER_KEY = 'auth.providers.demo';

/** The fixed users that anyone at this machine may sign in as. */
export interface DemoAuthConfig {
  /** Full entity refs, at least one; the first signs in when nobody was chosen. */
  userEntityRefs: string[];
}

/**
 * Reads `auth.providers.demo`; undefined when the demo provider is not configured.
 *
 * @throws InputError when the provider is configured without `demo: true`, or its users are not
 * a list of distinct user refs.
 */
export function readDemoAuthConfig(config: Config): DemoAuthConfig | undefined {
  if (!config.has(PROVIDER_KEY)) {
    return undefined;
  }
  if (config.getOptionalBoolean('demo') !== true) {
    throw new InputError(
      `'${PROVIDER_KEY}' lets anyone at this machine sign in as anyone, so it needs 'demo: true' in the configuration; remove the provider, or set 'demo: true' if this is a demo`,
    );
  }
  const refs = config.getOptionalStringArray(`${PROVIDER_KEY}.users`) ?? [];
  const userEntityRefs = refs.map(readUserRef);
  if (userEntityRefs.length === 0) {
    throw new InputError(
      `'${PROVIDER_KEY}.users' names no user; list at least one, such as 'user:default/ada'`,
    );
  }
  if (new Set(userEntityRefs).size !== userEntityRefs.length) {
    throw new InputError(`'${PROVIDER_KEY}.users' names a user twice`);
  }
  return { userEntityRefs };
}

function readUserRef(ref: string): string {
  const parsed = parseEntityRef(ref, { defaultKind: 'user' });
  if (parsed.kind.toLocaleLowerCase('en-US') !== 'user') {
    throw new InputError(
      `'${PROVIDER_KEY}.users' names '${ref}', which is not a user; use a ref such as 'user:default/ada'`,
    );
  }
  return stringifyEntityRef(parsed);
}
