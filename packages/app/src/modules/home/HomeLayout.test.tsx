import { Entity } from '@backstage/catalog-model';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import { HomeLayout } from './HomeLayout';

function component(options: {
  name: string;
  owner: string;
  pipelines?: string;
}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: options.name,
      namespace: 'default',
      annotations: options.pipelines
        ? { 'millrace.dev/pipelines': options.pipelines }
        : {},
    },
    relations: [{ type: 'ownedBy', targetRef: options.owner }],
  };
}

const entities = [
  component({
    name: 'meeting-archive',
    owner: 'group:default/data-platform',
    pipelines: 'ingest-meetings',
  }),
  component({
    name: 'video-studio',
    owner: 'group:default/media',
    pipelines: 'transcode',
  }),
  component({ name: 'wiki', owner: 'group:default/data-platform' }),
];

function renderHome(ownershipEntityRefs: string[]) {
  renderInTestApp(<HomeLayout widgets={[]} />, {
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [catalogApiRef, catalogApiMock({ entities })],
      [
        identityApiRef,
        mockApis.identity({
          userEntityRef: 'user:default/noor',
          ownershipEntityRefs,
          displayName: 'Noor Haddad',
        }),
      ],
    ],
  });
}

describe('HomeLayout', () => {
  it('greets by name and leads to the pages that most people want', async () => {
    renderHome(['user:default/noor']);
    expect(
      await screen.findByRole('heading', { name: 'Welcome, Noor Haddad' }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'Pipelines' })).toHaveAttribute(
      'href',
      '/pipelines/overview',
    );
    expect(screen.getByRole('link', { name: 'Runs' })).toHaveAttribute(
      'href',
      '/pipelines/runs',
    );
  });

  it("lists only what the user's teams own and pipelines belong to", async () => {
    renderHome(['user:default/noor', 'group:default/data-platform']);
    expect(await screen.findByText('meeting-archive')).toBeVisible();
    expect(screen.queryByText('video-studio')).not.toBeInTheDocument();
    expect(screen.queryByText('wiki')).not.toBeInTheDocument();
  });

  it('says so when the teams own nothing', async () => {
    renderHome(['user:default/noor']);
    expect(
      await screen.findByText(/None of your teams owns a component/),
    ).toBeVisible();
  });
});
