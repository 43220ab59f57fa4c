import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiGroupLine } from '@remixicon/react';

const rootRouteRef = createRouteRef();

/** A page of the portal itself on which another demo user is chosen. */
export const switchUserPlugin = createFrontendPlugin({
  pluginId: 'switch-user',
  title: 'Switch user',
  icon: <RiGroupLine />,
  routes: { root: rootRouteRef },
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/switch-user',
        routeRef: rootRouteRef,
        loader: () =>
          import('./SwitchUserPage').then(m => <m.SwitchUserPage />),
      },
    }),
  ],
});
