import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import { createPipelinesClient } from '@millrace/backstage-plugin-pipelines-node';
import { PipelinesCollatorFactory } from './PipelinesCollatorFactory';
import { readCollatorsConfig } from './readCollatorsConfig';
import { RunsCollatorFactory } from './RunsCollatorFactory';

/**
 * Indexes pipelines and their failed runs of recent days; each hit is shown to those who may see
 * the pipeline or its runs.
 *
 * @public
 */
export const searchModulePipelines = createBackendModule({
  pluginId: 'search',
  moduleId: 'pipelines-collator',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        indexRegistry: searchIndexRegistryExtensionPoint,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({
        auth,
        config,
        discovery,
        indexRegistry,
        logger,
        scheduler,
      }) {
        const { schedule, ...limits } = readCollatorsConfig(config);
        const client = createPipelinesClient({ auth, discovery });
        for (const factory of [
          new PipelinesCollatorFactory({ client, limits, logger }),
          new RunsCollatorFactory({ client, limits, logger }),
        ]) {
          indexRegistry.addCollator({
            schedule: scheduler.createScheduledTaskRunner(schedule),
            factory,
          });
        }
      },
    });
  },
});
