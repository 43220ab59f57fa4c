import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { authProvidersExtensionPoint } from '@backstage/plugin-auth-node';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { createDemoAuthProvider } from './createDemoAuthProvider';
import { createDemoUsersRouter } from './createDemoUsersRouter';
import { readDemoAuthConfig } from './readDemoAuthConfig';

/**
 * Sign-in of the demo: fixed users from `auth.providers.demo.users`, without passwords, only on
 * the machine that the portal runs on. Does nothing when that provider is not configured.
 *
 * @remarks
 * Routes under `/api/auth`: `GET demo/users`, `POST demo/refresh {userEntityRef?}` and, when
 * `auth.providers.guest` is configured, `POST guest/refresh`, which signs in the first user.
 */
export const demoAuthModule = createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-provider',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        httpRouter: coreServices.httpRouter,
        providers: authProvidersExtensionPoint,
      },
      async init({ auth, catalog, config, httpRouter, providers }) {
        const demo = readDemoAuthConfig(config);
        if (!demo) {
          return;
        }
        providers.registerProvider({
          providerId: 'demo',
          factory: createDemoAuthProvider({ config: demo, user: 'chosen' }),
        });
        providers.registerProvider({
          providerId: 'guest',
          factory: createDemoAuthProvider({ config: demo, user: 'first' }),
        });
        httpRouter.use(createDemoUsersRouter({ config: demo, auth, catalog }));
      },
    });
  },
});
