import type { Entity } from '@backstage/catalog-model';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { FakeBackend } from '../dev/fake/FakeBackend';
import { fakeFetch } from '../dev/fake/fakeFetch';
import { FakePermissions } from '../dev/fake/FakePermissions';
import { demoPipelines } from '../dev/fake/pipelines';
import { pluginWithOwnCache, renderPages } from '../dev/fake/renderPages';
import { runFactory } from '../dev/fake/runFactory';

const ENTITY = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'meeting-archive',
    namespace: 'default',
    annotations: { 'millrace.dev/pipelines': 'true' },
  },
};

function renderEntityPage(
  entity: Entity,
  backend: FakeBackend,
  path = '/catalog/default/component/meeting-archive/runs',
) {
  return renderTestApp({
    features: [catalogPlugin, pluginWithOwnCache()],
    initialRouteEntries: [path],
    apis: [
      [fetchApiRef, fakeFetch(backend)],
      [permissionApiRef, new FakePermissions(true)],
      catalogApiMock({ entities: [entity] }),
    ],
  });
}

describe('pipelinesPlugin', () => {
  it('has a page with its tabs, a live pill and Run…, and opens on the overview', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [runFactory.succeeded()],
    });
    renderPages({ path: '/pipelines', backend });
    expect(
      await screen.findByRole('region', { name: 'Numbers of the period' }),
    ).toBeVisible();
    for (const name of [
      'Overview',
      'Runs',
      'Pipelines',
      'Timeline',
      'Failures',
      'Queue',
    ]) {
      expect(screen.getByRole('tab', { name })).toBeVisible();
    }
    expect(screen.getByRole('button', { name: /Polling 10 s/ })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Run…' })).toBeVisible();
  });

  it('switches live updates by key, but not while somebody types', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderPages({ path: '/pipelines/runs?run=ingest-meetings', backend });
    const dialog = await screen.findByRole('dialog');
    const field = await within(dialog).findByRole('textbox', {
      name: /Source/,
    });
    await userEvent.type(field, 'a.b');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel' }),
    );
    expect(
      await screen.findByRole('button', { name: /Polling/ }),
    ).toBeVisible();
    await userEvent.keyboard('.');
    expect(
      await screen.findByRole('button', { name: /^Paused/ }),
    ).toBeVisible();
    await userEvent.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeVisible();
  });

  it('lists the runs of an entity in its tab, and opens a run inside of it', async () => {
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
    renderEntityPage(ENTITY, backend);
    await userEvent.click(
      await screen.findByRole('link', { name: 'Ingest 2025' }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Ingest 2025' }),
    ).toBeVisible();
    const lists = backend.requests.filter(({ path }) => path === '/runs');
    expect(lists.length).toBeGreaterThan(0);
    for (const { query } of lists) {
      expect(query.get('entity')).toBe('component:default/meeting-archive');
    }
    expect(screen.queryByText('Foreign run')).toBeNull();
  });

  it('lists and counts on the page of a group the runs of what it owns', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        runFactory.succeeded({ title: 'Ingest 2025' }),
        runFactory.succeeded({
          title: 'Foreign run',
          owner: 'group:default/media',
        }),
      ],
    });
    renderEntityPage(
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { name: 'data-platform', namespace: 'default' },
      },
      backend,
      '/catalog/default/group/data-platform/runs',
    );
    expect(
      await screen.findByRole('link', { name: 'Ingest 2025' }),
    ).toBeVisible();
    expect(screen.queryByText('Foreign run')).toBeNull();
    for (const path of ['/runs', '/stats']) {
      const asked = backend.requests.filter(request => request.path === path);
      expect(asked.length).toBeGreaterThan(0);
      for (const { query } of asked) {
        expect(query.get('owner')).toBe('group:default/data-platform');
        expect(query.has('entity')).toBe(false);
      }
    }
  });

  it('has no tab on entities without the annotation', async () => {
    const backend = new FakeBackend();
    renderEntityPage(
      {
        ...ENTITY,
        metadata: { name: 'meeting-archive', namespace: 'default' },
      },
      backend,
    );
    expect(
      (await screen.findAllByText('meeting-archive')).length,
    ).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Run…' })).toBeNull();
    expect(
      backend.requests.filter(({ path }) => path === '/runs'),
    ).toHaveLength(0);
  });
});
