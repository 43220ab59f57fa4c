import { screen, waitFor, within } from '@testing-library/react';
import type { Entity } from '@backstage/catalog-model';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { QueryClient } from '@tanstack/react-query';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { fakeFetch } from '../../dev/fake/fakeFetch';
import { FakePermissions } from '../../dev/fake/FakePermissions';
import { demoPipelines } from '../../dev/fake/pipelines';
import { rootRouteRef } from '../routes';
import { PipelineRunsCard } from '.';

const ARCHIVE: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'meeting-archive',
    namespace: 'default',
    annotations: { 'millrace.dev/pipelines': 'true' },
  },
};

function renderCard(backend: FakeBackend) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false } },
  });
  renderInTestApp(
    <PipelinesQueryProvider client={client}>
      <p>Entity page</p>
      <EntityProvider entity={ARCHIVE}>
        <PipelineRunsCard />
      </EntityProvider>
    </PipelinesQueryProvider>,
    {
      mountedRoutes: { '/pipelines': rootRouteRef },
      apis: [
        [fetchApiRef, fakeFetch(backend)],
        [permissionApiRef, new FakePermissions(false)],
      ],
    },
  );
}

// In a file of its own: answers about permissions are kept for all tests of a file.
describe('the card of an entity page for somebody who may only read', () => {
  it('says that they may not run or pause', async () => {
    renderCard(new FakeBackend({ pipelines: demoPipelines() }));
    const title = await screen.findByRole('link', {
      name: 'Rebuild the search index',
    });
    const item = within(title.closest('li')!);
    for (const name of [/^Run /, /^Pause /]) {
      await waitFor(() =>
        expect(item.getByRole('button', { name })).toHaveAttribute(
          'aria-disabled',
          'true',
        ),
      );
    }
  });
});
