import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { QueryClient } from '@tanstack/react-query';
import pipelinesPlugin from '../../src';
import { FakeBackend } from './FakeBackend';
import { fakeFetch } from './fakeFetch';
import { FakePermissions } from './FakePermissions';

/** The plugin with a cache of its own, so that tests do not see each other's answers. */
export function pluginWithOwnCache() {
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: false, refetchOnWindowFocus: false },
    },
  });
  return pipelinesPlugin.withOverrides({
    extensions: [
      pipelinesPlugin.getExtension('plugin-wrapper:pipelines').override({
        params: define =>
          define({
            loader: async () => ({
              component: ({ children }) => (
                <PipelinesQueryProvider client={client}>
                  {children}
                </PipelinesQueryProvider>
              ),
            }),
          }),
      }),
    ],
  });
}

/** Renders the whole plugin at an address, over a backend in memory; for tests. */
export function renderPages(options: {
  path: string;
  backend: FakeBackend;
  /** Whether the person may do more than read; by default yes. */
  mayAct?: boolean;
  /** Runs that they may control even if they may only read otherwise. */
  controlledRunIds?: readonly string[];
}) {
  const { path, backend, mayAct = true, controlledRunIds } = options;
  return renderTestApp({
    features: [pluginWithOwnCache()],
    initialRouteEntries: [path],
    apis: [
      [fetchApiRef, fakeFetch(backend)],
      [permissionApiRef, new FakePermissions(mayAct, controlledRunIds)],
    ],
  });
}
