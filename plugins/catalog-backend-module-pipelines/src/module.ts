import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { createPipelinesClient } from '@millrace/backstage-plugin-pipelines-node';
import { PipelinesEntityProvider } from './PipelinesEntityProvider';
import { readProviderConfig } from './readProviderConfig';

/**
 * Keeps a resource in the catalog for each pipeline: with its owner, and with relations to the
 * entity that it belongs to and to the pipelines that it follows.
 *
 * @remarks
 * Titles and descriptions are then shown to whoever may see resources in the catalog, whatever
 * they may see of the pipelines themselves.
 *
 * @public
 */
export const catalogModulePipelines = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'pipelines',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, catalog, config, discovery, logger, scheduler }) {
        const { schedule, ...options } = readProviderConfig(config);
        catalog.addEntityProvider(
          new PipelinesEntityProvider({
            ...options,
            client: createPipelinesClient({ auth, discovery }),
            logger,
            taskRunner: scheduler.createScheduledTaskRunner(schedule),
          }),
        );
      },
    });
  },
});
