import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fetchApiRef, identityApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { QueryClient } from '@tanstack/react-query';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { fakeFetch } from '../../dev/fake/fakeFetch';
import { demoPipelines } from '../../dev/fake/pipelines';
import { runFactory } from '../../dev/fake/runFactory';
import { rootRouteRef } from '../routes';
import { MyPipelines } from '.';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OTHERS = { owner: 'group:default/media', pipelineId: 'transcode' };

/** One storage for all visits, as the portal keeps it. */
const storage = mockApis.storage();

function renderWidget(backend: FakeBackend) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false } },
  });
  return renderInTestApp(
    <PipelinesQueryProvider client={client}>
      <MyPipelines />
    </PipelinesQueryProvider>,
    {
      mountedRoutes: { '/pipelines': rootRouteRef },
      apis: [
        [fetchApiRef, fakeFetch(backend)],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/noor',
            ownershipEntityRefs: [
              'user:default/noor',
              'group:default/data-platform',
              'group:default/web-platform',
            ],
          }),
        ],
        storage,
      ],
    },
  );
}

const failures = async () =>
  within(await screen.findByRole('region', { name: 'Latest failures' }));

describe('the widget of the home page', () => {
  it('counts and lists what runs, failed and waits of what I and my groups own', async () => {
    const failed = runFactory.failed({
      title: 'Ingest 2024',
      ageMs: 2_000,
      tookMs: 500,
    });
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        failed,
        runFactory.running({ title: 'Ingest 2025' }),
        runFactory.queued({ title: 'Waits', ageMs: 20 * MINUTE_MS }),
        runFactory.queued({ title: 'Just came' }),
        runFactory.held({ title: 'Held', ageMs: 20 * MINUTE_MS }),
        runFactory.failed({ title: 'Of others', ...OTHERS }),
        runFactory.running({ title: 'Runs for others', ...OTHERS }),
      ],
    });
    renderWidget(backend);
    const link = await (
      await failures()
    ).findByRole('link', { name: 'Ingest 2024' });
    expect(link).toHaveAttribute('href', `/pipelines/runs/${failed.id}`);
    expect(
      (await failures()).getByText(/The source answered 502/),
    ).toBeVisible();
    const running = within(
      await screen.findByRole('region', { name: 'Running now' }),
    );
    expect(running.getByRole('link', { name: 'Ingest 2025' })).toBeVisible();
    expect(running.getByRole('progressbar')).toBeVisible();
    expect(
      await screen.findByRole('link', {
        name: '1 running: show them',
      }),
    ).toHaveAttribute(
      'href',
      expect.stringMatching(/owner=[^&]*group%3Adefault%2Fdata-platform/),
    );
    expect(
      screen.getByRole('link', {
        name: '1 failed: show them',
      }),
    ).toBeVisible();
    expect(
      await screen.findByRole('link', { name: '1 late: show them' }),
    ).toBeVisible();
    expect(screen.queryByText(/others/)).toBeNull();
  });

  it('says that nothing failed, for one group and another period, and keeps that choice', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        runFactory.failed({ title: 'Last week', ageMs: 5 * DAY_MS }),
        runFactory.failed({
          title: 'Report',
          ageMs: 5 * DAY_MS,
          owner: 'group:default/web-platform',
        }),
      ],
    });
    const { unmount } = renderWidget(backend);
    expect(await screen.findByText('Nothing failed today.')).toBeVisible();

    const choose = async (field: RegExp, option: string) => {
      await userEvent.click(screen.getByRole('button', { name: field }));
      await userEvent.click(
        await screen.findByRole('option', { name: option }),
      );
    };
    await choose(/Period/, '7 days');
    expect(
      await (await failures()).findByRole('link', { name: 'Last week' }),
    ).toBeVisible();
    await choose(/Owned by/, 'web-platform');
    await waitFor(() => expect(screen.queryByText('Last week')).toBeNull());
    expect(
      await (await failures()).findByRole('link', { name: 'Report' }),
    ).toBeVisible();

    unmount();
    renderWidget(backend);
    expect(
      await (await failures()).findByRole('link', { name: 'Report' }),
    ).toBeVisible();
    expect(screen.queryByText('Last week')).toBeNull();
  });

  it('says that there is nothing to show where a person owns no pipeline', async () => {
    renderWidget(new FakeBackend());
    expect(
      await screen.findByText('No pipeline that you may see is owned here.'),
    ).toBeVisible();
  });
});
