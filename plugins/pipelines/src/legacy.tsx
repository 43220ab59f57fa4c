/**
 * The Pipelines page and entity tab of Millrace, for apps of the legacy frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { compatWrapper } from '@backstage/core-compat-api';
import { PipelinesClient } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesApiRef } from '@millrace/backstage-plugin-pipelines-react';
import { entityRunsRouteRef, rootRouteRef } from './routes';

export { isPipelinesAvailable } from '@millrace/backstage-plugin-pipelines-common';
export { pipelinesTranslationRef } from './translation';

/** The plugin, for apps of the legacy frontend system. @public */
export const pipelinesPlugin = createPlugin({
  id: 'pipelines',
  apis: [
    createApiFactory({
      api: pipelinesApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new PipelinesClient({ fetchApi }),
    }),
  ],
  routes: { root: rootRouteRef, entityRuns: entityRunsRouteRef },
});

/** The Pipelines page; mount it at `/pipelines`. @public */
export const PipelinesPage = pipelinesPlugin.provide(
  createRoutableExtension({
    name: 'PipelinesPage',
    mountPoint: rootRouteRef,
    component: () =>
      import('./shell/LegacyPage').then(
        m => () => compatWrapper(<m.LegacyPage />),
      ),
  }),
);

/** The tab Runs of an entity page; show it where `isPipelinesAvailable`. @public */
export const EntityPipelineRunsContent = pipelinesPlugin.provide(
  createRoutableExtension({
    name: 'EntityPipelineRunsContent',
    mountPoint: entityRunsRouteRef,
    component: () =>
      import('./shell/LegacyEntityContent').then(
        m => () => compatWrapper(<m.LegacyEntityContent />),
      ),
  }),
);
