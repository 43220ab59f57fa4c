/**
 * The backend of the example portal: it adds features and decides nothing itself.
 */
import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';

/** Everything of a portal, or with app-config.worker.yaml only what executes runs. */
const features = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    yield import('@millrace/backstage-plugin-pipelines-backend');
    if (config.getOptionalBoolean('pipelines.worker.only')) {
      return;
    }
    yield import('./modules/httpServer');
    yield import('@backstage/plugin-app-backend');

    yield import('@backstage/plugin-auth-backend');
    yield import('./modules/demoAuth');

    yield import('@backstage/plugin-catalog-backend');
    yield import('@backstage/plugin-catalog-backend-module-logs');
    yield import('@millrace/backstage-plugin-catalog-backend-module-pipelines');

    yield import('@backstage/plugin-events-backend');

    yield import('@backstage/plugin-permission-backend');
    yield import('./modules/permissionPolicy');

    yield import('@backstage/plugin-search-backend');
    yield import('@backstage/plugin-search-backend-module-pg');
    yield import('@backstage/plugin-search-backend-module-catalog');
    yield import('@millrace/backstage-plugin-search-backend-module-pipelines');

    yield import('@backstage/plugin-notifications-backend');
    yield import('@backstage/plugin-signals-backend');
    yield import('@backstage/plugin-user-settings-backend');
  },
});

const backend = createBackend();
backend.add(features);
backend.start().catch(error => {
  // Left alive it would answer 503 for ever; ended, whoever supervises it knows and starts it again.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
