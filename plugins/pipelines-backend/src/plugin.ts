import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  pipelinesArtifactStoresExtensionPoint,
  pipelinesEnginesExtensionPoint,
} from '@millrace/backstage-plugin-pipelines-node';
import { ARTIFACT_CONTENT_PATH, ArtifactStores } from './artifacts';
import { createRooms } from './createRooms';
import { createRouter } from './createRouter';
import { EngineRegistry } from './engines';
import { createHealthRouter } from './health';
import { TRIGGERS_PATH } from './schedules';
import { startTasks } from './startTasks';

/**
 * The backend of Millrace, id `pipelines`, API under `/api/pipelines`.
 *
 * @public
 */
export const pipelinesPlugin = createBackendPlugin({
  pluginId: 'pipelines',
  register(env) {
    const engines = new EngineRegistry();
    const artifactStores = new ArtifactStores();
    env.registerExtensionPoint(pipelinesEnginesExtensionPoint, engines);
    env.registerExtensionPoint(
      pipelinesArtifactStoresExtensionPoint,
      artifactStores,
    );
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(services) {
        const { httpRouter } = services;
        const environment = { ...services, artifactStores, engines };
        const rooms = await createRooms(environment);
        httpRouter.use(
          rooms.workerConfig.only
            ? createHealthRouter(rooms)
            : createRouter(environment, rooms),
        );
        httpRouter.addAuthPolicy({ path: '/health', allow: 'unauthenticated' });
        httpRouter.addAuthPolicy({
          path: '/openapi.json',
          allow: 'unauthenticated',
        });
        // Calls from outside are signed.
        httpRouter.addAuthPolicy({
          path: TRIGGERS_PATH,
          allow: 'unauthenticated',
        });
        httpRouter.addAuthPolicy({
          path: ARTIFACT_CONTENT_PATH,
          allow: 'user-cookie',
        });
        await startTasks(environment, rooms);
      },
    });
  },
});
