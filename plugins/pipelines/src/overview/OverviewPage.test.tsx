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

/** The query of the newest request for statistics. */
async function statsRequest(
  backend: FakeBackend,
  path: string,
): Promise<URLSearchParams> {
  return waitFor(() => {
    const request = backend.requests
      .filter(({ path: asked }) => asked === path)
      .at(-1);
    expect(request).toBeDefined();
    return request!.query;
  });
}

async function renderUsual() {
  const backend = usualBackend();
  renderPages({ path: '/pipelines/overview', backend });
  return { backend, asked: await statsRequest(backend, '/stats') };
}

describe('OverviewPage', () => {
  it('tells the numbers of the period, and leads to the runs behind them', async () => {
    const { backend } = await renderUsual();
    const tiles = await screen.findByRole('region', {
      name: 'Numbers of the period',
    });
    expect(await within(tiles).findByText('75 %')).toBeVisible();
    expect(within(tiles).getByText('3 of 4')).toBeVisible();
    expect(within(tiles).getByText('average 1 m 30 s')).toBeVisible();
    expect(within(tiles).getByText('1 running, 1 queued')).toBeVisible();
    const bad = within(tiles).getByRole('link', {
      name: 'Show the runs that did not succeed',
    });
    const [path, search] = bad.getAttribute('href')!.split('?');
    expect(path).toBe('/pipelines/runs');
    const asked = await statsRequest(backend, '/stats');
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      state: 'failed,timed_out,lost',
      from: `${asked.get('from')!.slice(0, 10)}T00:00:00.000Z`,
    });
  });

  it('asks for numbers, pipelines and charts of the same span', async () => {
    const backend = usualBackend();
    renderPages({
      path: '/pipelines/overview?from=-30d&owner=group:default/data-platform&pipeline=ingest-meetings',
      backend,
    });
    await screen.findByText('75 %');
    const [numbers, byPipeline, chart] = await Promise.all(
      ['/stats', '/stats/pipelines', '/stats/history'].map(async path =>
        Object.fromEntries(await statsRequest(backend, path)),
      ),
    );
    expect(numbers).toEqual({
      bucket: 'day',
      from: expect.any(String),
      owner: 'group:default/data-platform',
      pipeline: 'ingest-meetings',
      compare: 'previous',
    });
    expect({ ...chart, compare: 'previous' }).toEqual(numbers);
    expect({ ...byPipeline, compare: 'previous' }).toEqual(numbers);
  });

  it('says how the numbers have changed', async () => {
    renderPages({
      path: '/pipelines/overview?from=-24h',
      backend: new FakeBackend({
        pipelines: PIPELINES,
        runs: [
          runFactory.succeeded({ ageMs: 3_600_000 }),
          runFactory.succeeded({ ageMs: 3_600_000 }),
          runFactory.succeeded({ ageMs: 26 * 3_600_000 }),
        ],
      }),
    });
    const tiles = await screen.findByRole('region', {
      name: 'Numbers of the period',
    });
    expect(
      await within(tiles).findByText('up 100 % on the period before'),
    ).toBeInTheDocument();
    expect(
      within(tiles).getAllByText('the same as the period before').length,
    ).toBeGreaterThan(0);
  });

  it('ranks pipelines, and leads from each number to its runs', async () => {
    const { asked } = await renderUsual();
    const panel = await screen.findByRole('region', {
      name: 'Pipelines of the period',
    });
    const table = await within(panel).findByRole('table');
    expect(
      within(table).getByRole('link', { name: 'Ingest meeting summaries' }),
    ).toHaveAttribute('href', '/pipelines/definitions/ingest-meetings');
    const from = `${asked.get('from')!.slice(0, 10)}T00:00:00.000Z`;
    const failed = within(table).getByRole('link', { name: '1 Failed' });
    expect(
      Object.fromEntries(
        new URLSearchParams(failed.getAttribute('href')!.split('?')[1]),
      ),
    ).toEqual({ state: 'failed', pipeline: 'ingest-meetings', from });
    expect(
      within(table).getByRole('link', { name: /^25 % failed: show/ }),
    ).toBeVisible();
    await userEvent.click(
      within(panel).getByRole('radio', { name: 'Slowest' }),
    );
    expect(
      within(table).getByRole('link', { name: 'Ingest meeting summaries' }),
    ).toBeVisible();
  });

  it('has durations as a table, too', async () => {
    await renderUsual();
    const panel = await screen.findByRole('region', {
      name: 'Durations by day',
    });
    await userEvent.click(
      await within(panel).findByRole('radio', { name: 'Table' }),
    );
    expect(
      await within(panel).findByRole('columnheader', { name: 'p95' }),
    ).toBeVisible();
    expect(within(panel).getByText(/^From .* Longest on /)).toBeInTheDocument();
  });

  it('takes the scope from the address, and says what it does not understand', async () => {
    const backend = usualBackend();
    renderPages({
      path: '/pipelines/overview?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&pipeline=no%20id',
      backend,
    });
    expect(
      await screen.findByText('Not understood and ignored: pipeline=no id'),
    ).toBeVisible();
    const asked = await statsRequest(backend, '/stats/history');
    expect(Object.fromEntries(asked)).toEqual({
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      bucket: 'hour',
    });
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
    // Both charts are drawn from it.
    expect(await screen.findAllByText('Statistics are late')).toHaveLength(2);
    expect(await screen.findByText('75 %')).toBeVisible();
  });
});
