import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import { createApiFactory, fetchApiRef } from '@backstage/core-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { SearchResultListItemExtensions } from '@backstage/plugin-search-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route } from 'react-router-dom';
import { FakeBackend } from '../dev/fake/FakeBackend';
import { fakeFetch } from '../dev/fake/fakeFetch';
import { FakePermissions } from '../dev/fake/FakePermissions';
import { demoPipelines, makePipeline } from '../dev/fake/pipelines';
import { runFactory } from '../dev/fake/runFactory';
import {
  EntityPipelineRunsCard,
  EntityPipelineRunsContent,
  HomePageMyPipelines,
  isPipelinesAvailable,
  PipelinesPage,
  pipelinesPlugin,
  PipelinesSearchResultListItem,
} from './legacy';

const ENTITY = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'meeting-archive',
    annotations: { 'millrace.dev/pipelines': 'true' },
  },
};

/** Who somebody is in an app without sign-in. */
const GUEST = 'user:default/guest';

const HITS = [
  {
    type: 'pipeline',
    document: {
      title: 'Transcode a video',
      text: '',
      location: '/pipelines/definitions/transcode',
      pipelineId: 'transcode',
    },
  },
];

function renderLegacyApp(path: string, backend: FakeBackend) {
  window.history.replaceState(undefined, '', path);
  const app = createApp({
    plugins: [pipelinesPlugin],
    configLoader: async () => [
      {
        context: 'test',
        data: {
          app: { title: 'Legacy', baseUrl: 'http://localhost' },
          backend: { baseUrl: 'http://localhost' },
        },
      },
    ],
    apis: [
      createApiFactory(fetchApiRef, fakeFetch(backend)),
      createApiFactory(permissionApiRef, new FakePermissions(true)),
    ],
  });
  const Root = app.createRoot(
    <AppRouter>
      <FlatRoutes>
        <Route path="/pipelines" element={<PipelinesPage />} />
        <Route
          path="/entity"
          element={
            <EntityProvider entity={ENTITY}>
              <EntityPipelineRunsContent />
            </EntityProvider>
          }
        />
        <Route
          path="/entity-overview"
          element={
            <EntityProvider entity={ENTITY}>
              <EntityPipelineRunsCard />
            </EntityProvider>
          }
        />
        <Route path="/home" element={<HomePageMyPipelines />} />
        <Route
          path="/search"
          element={
            <SearchResultListItemExtensions results={HITS}>
              <PipelinesSearchResultListItem />
            </SearchResultListItemExtensions>
          }
        />
      </FlatRoutes>
    </AppRouter>,
  );
  return render(<Root />);
}

describe('the plugin in an app of the legacy frontend system', () => {
  it('shows the page with its header and tabs, from the overview to a run', async () => {
    const run = runFactory.failed({ title: 'Ingest 2024' });
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [run],
    });
    renderLegacyApp('/pipelines', backend);
    expect(
      await screen.findByRole('region', { name: 'Numbers of the period' }),
    ).toBeVisible();
    const failures = screen.getByRole('region', { name: 'Latest failures' });
    await userEvent.click(
      await within(failures).findByRole('link', { name: 'Ingest 2024' }),
    );
    expect(await screen.findByText('Failed in step download')).toBeVisible();
    expect(window.location.pathname).toBe(`/pipelines/runs/${run.id}`);
    expect(screen.getByRole('button', { name: 'Run…' })).toBeVisible();
  });

  it('shows the queue, the page of a pipeline and its settings', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderLegacyApp('/pipelines/queue', backend);
    expect(
      await screen.findByRole('region', { name: 'Numbers of the queue' }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('tab', { name: 'Pipelines' }));
    await userEvent.click(
      await screen.findByRole('link', { name: 'Transcode a video' }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Transcode a video' }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('link', { name: 'Settings' }));
    expect(
      await screen.findByRole('region', { name: 'Timeouts' }),
    ).toBeVisible();
    expect(window.location.pathname + window.location.search).toBe(
      '/pipelines/definitions/transcode?tab=settings',
    );
  });

  it('shows the runs of an entity in its tab', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        runFactory.succeeded({ title: 'Ingest 2025' }),
        runFactory.succeeded({
          title: 'Foreign run',
          entity: 'component:default/other',
        }),
      ],
    });
    expect(isPipelinesAvailable(ENTITY)).toBe(true);
    renderLegacyApp('/entity', backend);
    const link = await screen.findByRole('link', { name: 'Ingest 2025' });
    expect(link.getAttribute('href')).toMatch(
      /^\/entity\/[0-9a-f-]{36}\?list=entity/,
    );
    expect(screen.queryByText('Foreign run')).toBeNull();
  });

  it('shows how the pipelines of an entity do on its card', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [runFactory.failed()],
    });
    renderLegacyApp('/entity-overview', backend);
    const card = within(
      await screen.findByRole('region', { name: 'Pipeline runs' }),
    );
    expect(
      await card.findByRole('link', { name: 'Ingest meeting summaries' }),
    ).toHaveAttribute('href', '/pipelines/definitions/ingest-meetings');
    expect(await card.findByText(/answered 502/)).toBeVisible();
  });

  it('shows what failed of mine on the home page', async () => {
    const backend = new FakeBackend({
      pipelines: [makePipeline({ id: 'mine', owner: GUEST })],
      runs: [
        runFactory.failed({
          title: 'Ingest 2024',
          owner: GUEST,
          ageMs: 2_000,
          tookMs: 500,
        }),
      ],
    });
    renderLegacyApp('/home', backend);
    expect(await screen.findByText('My pipelines')).toBeVisible();
    expect(
      await screen.findByRole('link', { name: 'Ingest 2024' }),
    ).toHaveAttribute(
      'href',
      expect.stringMatching(/^\/pipelines\/runs\/[0-9a-f-]{36}$/),
    );
  });

  it('shows its hits in the search', async () => {
    renderLegacyApp('/search', new FakeBackend());
    expect(
      await screen.findByRole('link', { name: 'Transcode a video' }),
    ).toHaveAttribute('href', '/pipelines/definitions/transcode');
    expect(screen.getByText('Pipeline')).toBeVisible();
  });
});
