import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const PIPELINES = [
  makePipeline({ id: 'ingest-meetings', title: 'Ingest meeting summaries' }),
];

function usualBackend() {
  return new FakeBackend({
    pipelines: PIPELINES,
    runs: [
      runFactory.succeeded({ tookMs: 60_000 }),
      runFactory.succeeded({ tookMs: 120_000 }),
      runFactory.succeeded({ tookMs: 120_000 }),
      runFactory.failed({ title: 'Ingest 2024', tookMs: 60_000 }),
      runFactory.running({ title: 'Ingest 2025', progress: 0.42 }),
      runFactory.queued(),
    ],
  });
}

describe('OverviewPage', () => {
  it('tells the numbers of the period, and leads to the runs behind them', async () => {
    renderPages({ path: '/pipelines/overview', backend: usualBackend() });
    const tiles = await screen.findByRole('region', {
      name: 'Numbers of the period',
    });
    expect(await within(tiles).findByText('75 %')).toBeVisible();
    expect(within(tiles).getByText('3 of 4')).toBeVisible();
    expect(within(tiles).getByText('1 m 30 s')).toBeVisible();
    expect(within(tiles).getByText('1 running, 1 queued')).toBeVisible();
    expect(
      within(tiles).getByRole('link', {
        name: 'Show the runs that did not succeed',
      }),
    ).toHaveAttribute(
      'href',
      '/pipelines/runs?state=failed,timed_out,lost&from=-7d',
    );
  });

  it('shows how far running runs are and cancels them', async () => {
    const backend = usualBackend();
    renderPages({ path: '/pipelines/overview', backend });
    const panel = await screen.findByRole('region', { name: 'Running now' });
    const bar = await within(panel).findByRole('progressbar', {
      name: 'Progress of Ingest 2025',
    });
    expect(bar).toHaveAttribute('aria-valuenow', '42');
    expect(within(panel).getByText('load · 142 of 338 records')).toBeVisible();

    await userEvent.click(
      within(panel).getByRole('button', { name: 'Cancel Ingest 2025' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel run' }),
    );
    await waitFor(() =>
      expect(
        backend.requests.some(({ path }) => path.endsWith('/cancel')),
      ).toBe(true),
    );
    expect(
      await within(panel).findByRole('button', { name: /Kill now/ }),
    ).toBeVisible();
  });

  it('keeps a refused cancel in the dialog', async () => {
    const backend = usualBackend();
    backend.failures.set(
      /cancel$/,
      new FakeFailure(409, 'ConflictError', 'The run has already finished'),
    );
    renderPages({ path: '/pipelines/overview', backend });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel Ingest 2025' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel run' }),
    );
    expect(
      await screen.findByText('The run has already finished'),
    ).toBeVisible();
  });

  it('lists failures with their reason and the step', async () => {
    renderPages({ path: '/pipelines/overview', backend: usualBackend() });
    const panel = await screen.findByRole('region', {
      name: 'Latest failures',
    });
    expect(
      await within(panel).findByRole('link', { name: 'Ingest 2024' }),
    ).toBeVisible();
    expect(within(panel).getByText(/502 Bad Gateway/)).toBeVisible();
    expect(within(panel).getByText('download')).toBeVisible();
  });

  it('asks for another period and keeps it in the address', async () => {
    const backend = usualBackend();
    renderPages({ path: '/pipelines/overview', backend });
    await userEvent.click(await screen.findByRole('radio', { name: '24 h' }));
    expect(
      await screen.findByRole('region', { name: 'Runs by hour' }),
    ).toBeVisible();
    await waitFor(() =>
      expect(
        backend.requests.some(
          ({ path, query }) =>
            path === '/stats/history' && query.get('bucket') === 'hour',
        ),
      ).toBe(true),
    );
  });

  it('calls no failures good', async () => {
    renderPages({
      path: '/pipelines/overview',
      backend: new FakeBackend({
        pipelines: PIPELINES,
        runs: [runFactory.succeeded()],
      }),
    });
    expect(await screen.findByText('No failures in 7 days.')).toBeVisible();
    expect(screen.getByText('Nothing is running.')).toBeVisible();
  });

  it('explains itself before the first run', async () => {
    renderPages({
      path: '/pipelines/overview',
      backend: new FakeBackend({ pipelines: PIPELINES }),
    });
    expect(await screen.findByText('No runs yet')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Run…' })).toHaveLength(2);
  });

  it('lets one panel fail without the others', async () => {
    const backend = usualBackend();
    backend.failures.set(
      /^GET \/stats\/history$/,
      new FakeFailure(503, 'ServiceUnavailableError', 'Statistics are late'),
    );
    renderPages({ path: '/pipelines/overview', backend });
    expect(await screen.findByText('Statistics are late')).toBeVisible();
    expect(await screen.findByText('75 %')).toBeVisible();
  });
});
