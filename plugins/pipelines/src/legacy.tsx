/**
 * The Pipelines page, entity tab and card, home widget and search hits of Millrace, for apps of the legacy frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { compatWrapper } from '@backstage/core-compat-api';
import { createCardExtension } from '@backstage/plugin-home-react';
import { createSearchResultListItemExtension } from '@backstage/plugin-search-react';
import {
  PIPELINE_DOCUMENT_TYPE,
  PipelinesClient,
  RUN_DOCUMENT_TYPE,
} from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesApiRef } from '@millrace/backstage-plugin-pipelines-react';
import { homeMessages } from './home/messages';
import { entityRunsRouteRef, rootRouteRef } from './routes';
import type { PipelinesResultItemProps } from './search/PipelinesResultItem';

export {
  isPipelineOwner,
  isPipelinesAvailable,
} from '@millrace/backstage-plugin-pipelines-common';
export type { PipelinesResultItemProps } from './search/PipelinesResultItem';
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

/**
 * The card Pipeline runs of an entity page; show it where `isPipelinesAvailable`, and on pages of
 * groups and people (`isPipelineOwner`). It draws nothing where there is no pipeline.
 *
 * @public
 */
export const EntityPipelineRunsCard = pipelinesPlugin.provide(
  createComponentExtension({
    name: 'EntityPipelineRunsCard',
    component: {
      lazy: () =>
        import('./shell/LegacyEntityCard').then(
          m => () => compatWrapper(<m.LegacyEntityCard />),
        ),
    },
  }),
);

/** The widget My pipelines of the home page. @public */
export const HomePageMyPipelines = pipelinesPlugin.provide(
  createCardExtension({
    name: 'HomePageMyPipelines',
    title: homeMessages.title,
    components: () =>
      import('./shell/LegacyMyPipelines').then(m => ({
        Content: () => compatWrapper(<m.LegacyMyPipelines />),
      })),
  }),
);

/** A failed run or a pipeline among the hits of the search page. @public */
export const PipelinesSearchResultListItem = pipelinesPlugin.provide(
  createSearchResultListItemExtension({
    name: 'PipelinesSearchResultListItem',
    predicate: ({ type }) =>
      type === RUN_DOCUMENT_TYPE || type === PIPELINE_DOCUMENT_TYPE,
    component: () =>
      import('./search').then(
        m => (props: PipelinesResultItemProps) =>
          compatWrapper(<m.PipelinesResultItem {...props} />),
      ),
  }),
);
