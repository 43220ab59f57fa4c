import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { uuidAt } from '../../dev/fake/ids';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const PIPELINES = [
  makePipeline({ id: 'ingest-meetings', title: 'Ingest meeting summaries' }),
  makePipeline({ id: 'transcode', title: 'Transcode a video' }),
];

function listQueries(backend: FakeBackend) {
  return backend.requests
    .filter(({ method, path }) => method === 'GET' && path === '/runs')
    .map(({ query }) => Object.fromEntries(query));
}

describe('RunsPage', () => {
  it('shows the state, reason and page of every run, and counts states', async () => {
    const failed = runFactory.failed({ title: 'Ingest 2024' });
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [failed, runFactory.succeeded({ title: 'Ingest 2025' })],
    });
    renderPages({ path: '/pipelines/runs', backend });

    const row = await screen.findByRole('row', { name: /Ingest 2024/ });
    expect(within(row).getByText('Failed')).toBeVisible();
    expect(within(row).getByText(/502 Bad Gateway/)).toBeVisible();
    expect(within(row).getByText('3/3')).toBeVisible();
    expect(
      within(row).getByRole('link', { name: 'Ingest 2024' }),
    ).toHaveAttribute('href', `/pipelines/runs/${failed.id}`);
    expect(
      await screen.findByRole('button', { name: /Failed: 1/ }),
    ).toBeVisible();
    expect(screen.getByText('2 runs')).toBeVisible();
  });

  it('asks the server for the state of a clicked chip', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [
        runFactory.failed({ title: 'Ingest 2024' }),
        runFactory.succeeded({ title: 'Ingest 2025' }),
      ],
    });
    renderPages({ path: '/pipelines/runs', backend });
    await screen.findByRole('row', { name: /Ingest 2025/ });
    await userEvent.click(
      await screen.findByRole('button', { name: /Failed: 1/ }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('row', { name: /Ingest 2025/ })).toBeNull(),
    );
    expect(screen.getByRole('row', { name: /Ingest 2024/ })).toBeVisible();
    expect(listQueries(backend).some(({ state }) => state === 'failed')).toBe(
      true,
    );
  });

  it('takes its filters from the address and names what it does not understand', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [runFactory.failed({ title: 'Ingest 2024' })],
    });
    renderPages({
      path: '/pipelines/runs?state=failed,exploded&pipeline=ingest-meetings&from=-7d',
      backend,
    });
    expect(
      await screen.findByText(/Not understood and ignored: state=exploded/),
    ).toBeVisible();
    await screen.findByRole('row', { name: /Ingest 2024/ });
    expect(listQueries(backend)[0]).toMatchObject({
      state: 'failed',
      pipeline: 'ingest-meetings',
      from: expect.stringMatching(/T\d\d:00:00.000Z$/),
    });
  });

  it('turns pages by cursor, forth and back', async () => {
    const runs = Array.from({ length: 30 }, (_, index) =>
      runFactory.succeeded({
        title: `Ingest ${index}`,
        ageMs: 10_000_000 - index * 1_000,
      }),
    );
    const backend = new FakeBackend({ pipelines: PIPELINES, runs });
    renderPages({ path: '/pipelines/runs?size=25', backend });
    expect(await screen.findByText('25 runs, more follow')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Previous' })).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('5 runs, the last page')).toBeVisible();
    expect(await screen.findByRole('link', { name: 'Ingest 4' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Previous' }));
    expect(await screen.findByText('25 runs, more follow')).toBeVisible();
    expect(
      await screen.findByRole('link', { name: 'Ingest 29' }),
    ).toBeVisible();
  });

  it('shows the oldest first, page by page, where the address or the head of a column says so', async () => {
    const runs = Array.from({ length: 27 }, (_, index) =>
      runFactory.succeeded({
        title: `Ingest ${index}`,
        ageMs: 10_000_000 - index * 1_000,
      }),
    );
    const backend = new FakeBackend({ pipelines: PIPELINES, runs });
    renderPages({
      path: '/pipelines/runs?size=25&sort=queued&cols=run,queued',
      backend,
    });
    const titles = () =>
      screen
        .getAllByRole('link', { name: /^Ingest/ })
        .map(link => link.textContent);
    await screen.findByText('25 runs, more follow');
    expect(titles().slice(0, 2)).toEqual(['Ingest 0', 'Ingest 1']);
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    await screen.findByText('2 runs, the last page');
    expect(titles()).toEqual(['Ingest 25', 'Ingest 26']);
    const head = screen.getByRole('columnheader', { name: /Submitted/ });
    expect(head).toHaveAttribute('aria-sort', 'ascending');

    await userEvent.click(head);
    await screen.findByText('25 runs, more follow');
    expect(titles()[0]).toBe('Ingest 26');
    expect(
      await screen.findByRole('button', { name: 'Newest first' }),
    ).toBeVisible();
  });

  it('calls no run new that it shows, though it was queued before its id was made', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [
        runFactory.succeeded({
          title: 'Ingest 2025',
          id: uuidAt(Date.now()),
          queuedAt: new Date(Date.now() - 20).toISOString(),
        }),
      ],
    });
    renderPages({ path: '/pipelines/runs', backend });
    await screen.findByRole('row', { name: /Ingest 2025/ });
    // The runs since the newest one are asked for as soon as that is known.
    const asked = () => listQueries(backend).filter(({ from }) => from).length;
    await waitFor(() => expect(asked()).toBe(1));
    await userEvent.keyboard('r');
    await waitFor(() => expect(asked()).toBe(2));
    expect(screen.queryByRole('button', { name: /new run/ })).toBeNull();
  });

  it('holds new runs back until they are let in, and changes rows in place', async () => {
    const running = runFactory.running({ title: 'Ingest 2024' });
    const backend = new FakeBackend({ pipelines: PIPELINES, runs: [running] });
    renderPages({ path: '/pipelines/runs', backend });
    await screen.findByRole('row', { name: /Ingest 2024/ });

    backend.add(runFactory.queued({ title: 'Ingest 2026', ageMs: 0 }));
    backend.update(running.id, {
      state: 'succeeded',
      finishedAt: new Date().toISOString(),
    });
    await userEvent.keyboard('r');
    const button = await screen.findByRole('button', { name: '1 new run' });
    expect(screen.queryByRole('row', { name: /Ingest 2026/ })).toBeNull();
    const row = screen.getByRole('row', { name: /Ingest 2024/ });
    expect(within(row).getByText('Succeeded')).toBeVisible();

    await userEvent.click(button);
    expect(
      await screen.findByRole('row', { name: /Ingest 2026/ }),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: '1 new run' })).toBeNull();
  });

  it('cancels from the menu of a row, with the reason', async () => {
    const running = runFactory.running({ title: 'Ingest 2024' });
    const backend = new FakeBackend({ pipelines: PIPELINES, runs: [running] });
    renderPages({ path: '/pipelines/runs', backend });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of Ingest 2024' }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Cancel…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'Wrong file');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel run' }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.run(running.id).cancelRequest?.reason).toBe('Wrong file');
    await waitFor(() =>
      expect(screen.getByText('Ingest 2024 is being cancelled')).toBeVisible(),
    );
  });

  it('offers no cancelling to somebody who may only read', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      // Answers about permissions are cached by pipeline for as long as the browser tab lives.
      runs: [
        runFactory.running({ title: 'Ingest 2024', pipelineId: 'foreign' }),
      ],
    });
    renderPages({ path: '/pipelines/runs', backend, mayAct: false });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of Ingest 2024' }),
    );
    const item = await screen.findByRole('menuitem', {
      name: /Cancel….*Needs pipelines.run.control on this pipeline/,
    });
    expect(item).toHaveAttribute('aria-disabled', 'true');
  });

  it('says what would be here where nothing ever ran', async () => {
    renderPages({
      path: '/pipelines/runs',
      backend: new FakeBackend({ pipelines: PIPELINES }),
    });
    expect(await screen.findByText('No runs yet')).toBeVisible();
  });

  it('clears filters that exclude everything', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [runFactory.succeeded({ title: 'Ingest 2025' })],
    });
    renderPages({ path: '/pipelines/runs?state=lost', backend });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear filters' }),
    );
    expect(
      await screen.findByRole('row', { name: /Ingest 2025/ }),
    ).toBeVisible();
  });

  it('names the permission that a reader lacks', async () => {
    const backend = new FakeBackend();
    backend.failures.set(
      /^GET \/runs$/,
      new FakeFailure(403, 'NotAllowedError', 'Unauthorized'),
    );
    renderPages({ path: '/pipelines/runs', backend });
    expect(await screen.findByText(/Needs pipelines.run.read/)).toBeVisible();
  });
});
