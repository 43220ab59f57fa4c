import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Entity } from '@backstage/catalog-model';
import Router from 'express-promise-router';
import { assertLoopbackRequest } from './assertLoopbackRequest';
import { DemoAuthConfig } from './readDemoAuthConfig';

/** One line of the sign-in page. */
export interface DemoUser {
  userEntityRef: string;
  /** Absent while the catalog does not know the user yet, as is `description`. */
  displayName?: string;
  /** What the user may do, in words. */
  description?: string;
}

/** Serves `GET /demo/users`: who may be chosen, in the configured order. */
export function createDemoUsersRouter(options: {
  config: DemoAuthConfig;
  auth: AuthService;
  catalog: CatalogService;
}) {
  const { config, auth, catalog } = options;
  const router = Router();
  router.get('/demo/users', async (request, response) => {
    assertLoopbackRequest(request);
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs: config.userEntityRefs },
      { credentials: await auth.getOwnServiceCredentials() },
    );
    response.json({
      items: config.userEntityRefs.map((ref, index) =>
        presentUser(ref, items[index]),
      ),
    });
  });
  return router;
}

function presentUser(userEntityRef: string, entity?: Entity): DemoUser {
  const profile = entity?.spec?.profile as { displayName?: string } | undefined;
  return {
    userEntityRef,
    displayName: profile?.displayName,
    description: entity?.metadata.description,
  };
}
