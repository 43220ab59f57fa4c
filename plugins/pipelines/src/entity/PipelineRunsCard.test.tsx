import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
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
import { demoPipelines, makePipeline } from '../../dev/fake/pipelines';
import { runFactory } from '../../dev/fake/runFactory';
import { rootRouteRef } from '../routes';
import { PipelineRunsCard } from '.';

const MINUTE_MS = 60_000;

const ARCHIVE: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'meeting-archive',
    namespace: 'default',
    annotations: { 'millrace.dev/pipelines': 'true' },
  },
};

function renderCard(backend: FakeBackend, entity: Entity = ARCHIVE) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false } },
  });
  renderInTestApp(
    <PipelinesQueryProvider client={client}>
      <p>Entity page</p>
      <EntityProvider entity={entity}>
        <PipelineRunsCard />
      </EntityProvider>
    </PipelinesQueryProvider>,
    {
      mountedRoutes: { '/pipelines': rootRouteRef },
      apis: [
        [fetchApiRef, fakeFetch(backend)],
        [permissionApiRef, new FakePermissions(true)],
      ],
    },
  );
}

const card = () => screen.findByRole('region', { name: 'Pipeline runs' });
const itemOf = async (title: string) =>
  within((await screen.findByRole('link', { name: title })).closest('li')!);

describe('the card of an entity page', () => {
  it('says how each pipeline of the entity does, what the latest run says, and when the next one is', async () => {
    const failed = runFactory.failed({ ageMs: 5 * MINUTE_MS });
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        runFactory.succeeded({ ageMs: 90 * MINUTE_MS }),
        runFactory.succeeded({ ageMs: 80 * MINUTE_MS }),
        failed,
      ],
    });
    renderCard(backend);
    const item = await itemOf('Ingest meeting summaries');
    expect(item.getByText('2 of the last 3 succeeded')).toBeVisible();
    expect(
      await item.findByText(/The source answered 502 Bad Gateway/),
    ).toBeVisible();
    expect(item.getByRole('link', { name: 'Failed' })).toHaveAttribute(
      'href',
      `/pipelines/runs/${failed.id}`,
    );
    expect(item.getByText('3 min ago')).toBeVisible();
    expect(item.getByText(/^Next run/)).toHaveTextContent('in 4 h');
    expect(
      item.getByRole('list', { name: /Succeeded, Succeeded, Failed/ }),
    ).toBeVisible();

    const other = await itemOf('Rebuild the search index');
    expect(other.getByText('It has not run yet.')).toBeVisible();
    expect(screen.queryByText('Transcode a video')).toBeNull();
    expect(
      within(await card()).getByRole('link', { name: 'All runs' }),
    ).toHaveAttribute(
      'href',
      '/pipelines/runs?pipeline=ingest-meetings,rebuild-search-index',
    );
  });

  it('runs and pauses a pipeline in place', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderCard(backend);
    const item = await itemOf('Rebuild the search index');
    await userEvent.click(
      item.getByRole('button', { name: 'Run Rebuild the search index' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Run' }),
    );
    expect(await item.findByRole('link', { name: 'Queued' })).toBeVisible();

    await userEvent.click(
      item.getByRole('button', { name: 'Pause Rebuild the search index' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: /^Pause/,
      }),
    );
    expect(await item.findByText('Paused')).toBeVisible();
    expect(
      item.getByRole('button', { name: 'Resume Rebuild the search index' }),
    ).toBeVisible();
  });

  it('shows five pipelines, and all of them when asked', async () => {
    const backend = new FakeBackend({
      pipelines: Array.from({ length: 7 }, (_, index) =>
        makePipeline({
          id: `job-${index}`,
          entity: 'component:default/meeting-archive',
        }),
      ),
    });
    renderCard(backend);
    const list = within(
      await screen.findByRole('list', { name: 'Pipelines of this entity' }),
    );
    const titles = () => list.getAllByRole('link', { name: /^job-/ });
    expect(titles()).toHaveLength(5);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all 7 pipelines' }),
    );
    expect(titles()).toHaveLength(7);
  });

  it('shows a person what they and their groups own', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderCard(backend, {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'mateo', namespace: 'default' },
      relations: [
        { type: 'memberOf', targetRef: 'group:default/media' },
        { type: 'ownerOf', targetRef: 'component:default/meeting-archive' },
      ],
    });
    expect(
      await screen.findByRole('link', { name: 'Transcode a video' }),
    ).toBeVisible();
    expect(screen.queryByText('Ingest meeting summaries')).toBeNull();
    expect(
      backend.requests.map(({ query }) => query.get('owner')),
    ).toContainEqual('user:default/mateo,group:default/media');
  });

  it('shows the one pipeline that an entity of the catalog module is', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderCard(backend, {
      ...ARCHIVE,
      kind: 'Resource',
      metadata: {
        name: 'transcode',
        annotations: { 'millrace.dev/pipeline-id': 'transcode' },
      },
    });
    expect(
      await screen.findByRole('link', { name: 'Transcode a video' }),
    ).toBeVisible();
    expect(
      backend.requests.filter(({ path }) => path === '/pipelines'),
    ).toEqual([]);
  });

  it('is not there without a pipeline that the person may see', async () => {
    const backend = new FakeBackend({ pipelines: [] });
    renderCard(backend);
    await waitFor(() =>
      expect(backend.requests.map(({ path }) => path)).toContain('/pipelines'),
    );
    expect(await screen.findByText('Entity page')).toBeVisible();
    await waitFor(() =>
      expect(
        screen.queryByRole('region', { name: 'Pipeline runs' }),
      ).toBeNull(),
    );
  });
});
