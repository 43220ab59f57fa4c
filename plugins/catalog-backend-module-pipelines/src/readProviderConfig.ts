import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { KubernetesValidatorFunctions } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { EntityOptions } from './entityOf';

const KEY = 'catalog.providers.pipelines';

const DEFAULT_NAMESPACE = 'default';
const DEFAULT_OWNER = 'unknown';

const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 5 },
  timeout: { minutes: 3 },
  initialDelay: { seconds: 10 },
};

/**
 * What `catalog.providers.pipelines` says, and where links to the portal begin.
 *
 * @throws InputError when the namespace is none that the catalog accepts
 */
export function readProviderConfig(
  config: Config,
): EntityOptions & { schedule: SchedulerServiceTaskScheduleDefinition } {
  const own = config.getOptionalConfig(KEY);
  const schedule = own?.getOptionalConfig('schedule');
  const namespace = own?.getOptionalString('namespace') ?? DEFAULT_NAMESPACE;
  if (!KubernetesValidatorFunctions.isValidNamespace(namespace)) {
    throw new InputError(
      `'${KEY}.namespace' is '${namespace}'; it must be lower-case letters, digits and dashes, at most 63`,
    );
  }
  return {
    namespace,
    defaultOwner: own?.getOptionalString('defaultOwner') ?? DEFAULT_OWNER,
    appBaseUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
    schedule: schedule
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule)
      : DEFAULT_SCHEDULE,
  };
}
