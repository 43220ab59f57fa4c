import {
  ApiBlueprint,
  AppRootElementBlueprint,
  createFrontendModule,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { FakePermissions } from './fake/FakePermissions';
import { DevTools } from './DevTools';
import { fetchOfScenario, scenario } from './scenarios';

/** Answers every request from memory, as the chosen scenario says. */
export const devModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    ApiBlueprint.make({
      name: 'fetch',
      params: defineParams =>
        defineParams({
          api: fetchApiRef,
          deps: {},
          factory: () => fetchOfScenario(scenario()),
        }),
    }),
    ApiBlueprint.make({
      name: 'permission',
      params: defineParams =>
        defineParams({
          api: permissionApiRef,
          deps: {},
          factory: () => new FakePermissions(scenario() !== 'readonly'),
        }),
    }),
    AppRootElementBlueprint.make({
      name: 'dev-tools',
      params: { element: <DevTools /> },
    }),
  ],
});
