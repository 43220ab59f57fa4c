import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

type Run = ReturnType<typeof runFactory.running>;

function openRun(run: Run, search = '') {
  const backend = new FakeBackend({ pipelines: demoPipelines(), runs: [run] });
  renderPages({ path: `/pipelines/runs/${run.id}${search}`, backend });
  return backend;
}

describe('RunDetailPage', () => {
  it('opens a failed run where it failed, with the reason', async () => {
    const run = runFactory.failed({ title: 'Ingest 2024' });
    openRun(run);
    expect(
      await screen.findByRole('heading', { name: 'Ingest 2024' }),
    ).toBeVisible();
    const alert = screen.getByText('Failed in step download');
    expect(alert).toBeVisible();
    const [reason] = screen.getAllByText(
      /^It ended with exit code 2: The source/,
    );
    expect(reason).toBeVisible();
    expect(
      await screen.findByRole('region', { name: 'download' }),
    ).toBeVisible();
    expect(
      screen.getByText('3 of 3, may be started up to 3 times'),
    ).toBeVisible();
    expect(
      screen.getByRole('link', { name: run.pipelineTitle }),
    ).toHaveAttribute('href', `/pipelines/definitions/${run.pipelineId}`);
    expect(
      screen.getByRole('link', { name: 'Open the end of the log' }),
    ).toHaveAttribute('href', `/pipelines/runs/${run.id}?tab=log`);
    await waitFor(() => expect(document.title).toBe('✕ Ingest 2024'));
    expect(screen.queryByRole('button', { name: 'Cancel…' })).toBeNull();
  });

  it('opens a running run on its log and stays there when it ends', async () => {
    const run = runFactory.running({ title: 'Ingest 2025', maxAttempts: 1 });
    const backend = openRun(run);
    expect(
      await screen.findByRole('region', { name: /Log of attempt 1/ }),
    ).toBeVisible();
    expect(screen.getByText('1 of 1, starts at most once')).toBeVisible();
    expect(
      screen.getByRole('progressbar', { name: 'Progress of Ingest 2025' }),
    ).toHaveAttribute('aria-valuenow', '42');
    expect(
      await screen.findByRole('button', { name: /^Live\./ }),
    ).toBeVisible();

    backend.update(run.id, {
      state: 'succeeded',
      finishedAt: new Date().toISOString(),
    });
    await waitFor(() => expect(document.title).toBe('✓ Ingest 2025'));
    expect(
      screen.getByRole('region', { name: /Log of attempt 1/ }),
    ).toBeVisible();
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Cancel…' })).toBeNull(),
    );
  });

  it('cancels with a reason, then offers to kill', async () => {
    const run = runFactory.running({ title: 'Ingest 2025' });
    const backend = openRun(run);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel…' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByText(/It gets 10 s to end by itself/),
    ).toBeVisible();
    await userEvent.type(within(dialog).getByRole('textbox'), 'Wrong file');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel run' }),
    );
    expect(await screen.findByText(/of grace left/)).toBeVisible();
    expect(screen.getByText(/Reason: Wrong file/)).toBeVisible();

    await userEvent.click(
      await screen.findByRole('button', { name: 'Kill now…' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Kill now' }),
    );
    await waitFor(() => expect(backend.run(run.id).state).toBe('cancelled'));
    expect(
      backend.requests
        .filter(({ path }) => path.endsWith('/cancel'))
        .map(({ body }) => body),
    ).toEqual([{ reason: 'Wrong file' }, { force: true }]);
  });

  it('names the missing permission on actions that a reader may not take', async () => {
    const run = runFactory.running({ pipelineId: 'foreign' });
    renderPages({
      path: `/pipelines/runs/${run.id}`,
      backend: new FakeBackend({ runs: [run] }),
      mayAct: false,
    });
    const cancel = await screen.findByRole('button', { name: 'Cancel…' });
    await waitFor(() =>
      expect(cancel).toHaveAttribute('aria-disabled', 'true'),
    );
    expect(screen.getByRole('button', { name: /^Run again/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });

  it('walks its parts by key', async () => {
    openRun(runFactory.succeeded());
    await screen.findByText('338 records read, 338 loaded, 12 warnings');
    await userEvent.keyboard('[[');
    expect(
      await screen.findByRole('region', { name: 'Attempts' }),
    ).toBeVisible();
    await userEvent.keyboard(']');
    expect(
      await screen.findByText('338 records read, 338 loaded, 12 warnings'),
    ).toBeVisible();
  });

  it('shows outputs, artifacts, parameters, events and attempts', async () => {
    const run = runFactory.succeeded();
    openRun(run, '?tab=outputs');
    expect(
      await screen.findByRole('heading', { name: 'summary' }),
    ).toBeVisible();

    await userEvent.click(screen.getByRole('link', { name: 'Artifacts' }));
    const artifacts = await screen.findByRole('list', { name: 'Artifacts' });
    expect(within(artifacts).getByText('report.txt')).toBeVisible();
    await userEvent.click(
      within(artifacts).getByRole('button', { name: 'Preview report.txt' }),
    );
    expect(
      await within(artifacts).findByText(/338 meetings read/),
    ).toBeVisible();

    await userEvent.click(screen.getByRole('link', { name: 'Parameters' }));
    expect(await screen.findByRole('rowheader', { name: 'url' })).toBeVisible();

    await userEvent.click(screen.getByRole('link', { name: 'Events' }));
    const events = await screen.findByRole('list', {
      name: 'Events, newest first',
    });
    const submitted = within(events).getAllByRole('listitem').pop();
    expect(submitted).toHaveTextContent(/Queued.?by ada/);

    await userEvent.click(screen.getByRole('link', { name: 'Attempts' }));
    expect(
      await screen.findByRole('link', { name: 'Open log of attempt 1' }),
    ).toHaveAttribute('href', `/pipelines/runs/${run.id}?tab=log&attempt=1`);
  });

  it('says the same for a run that is not there and one that may not be seen', async () => {
    const backend = new FakeBackend();
    renderPages({
      path: '/pipelines/runs/01a1fcf7-105a-7000-8000-00000000005a',
      backend,
    });
    expect(await screen.findByText('No such run')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All runs' })).toHaveAttribute(
      'href',
      '/pipelines/runs',
    );
  });

  it('offers to try again when the backend does not answer', async () => {
    const run = runFactory.succeeded({ title: 'Ingest 2025' });
    const backend = new FakeBackend({ runs: [run] });
    const pattern = /./;
    backend.failures.set(
      pattern,
      new FakeFailure(503, 'ServiceUnavailableError', 'No database'),
    );
    renderPages({ path: `/pipelines/runs/${run.id}`, backend });
    expect(await screen.findByText('No database')).toBeVisible();
    backend.failures.delete(pattern);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('heading', { name: 'Ingest 2025' }),
    ).toBeVisible();
  });

  it('counts the levels of the whole log and finds text in it, as the URL says', async () => {
    openRun(runFactory.failed({}), '?tab=log&q=due+date');
    await screen.findByRole('region', { name: /Log of attempt 3/ });
    expect(
      await screen.findByRole('button', { name: 'Warning: 6 lines' }),
    ).toHaveAttribute('aria-pressed', 'false');
    expect(
      screen.getByRole('button', { name: 'Error: 1 lines' }),
    ).toBeVisible();
    const field = screen.getByRole('searchbox', {
      name: 'Find in the whole log',
    });
    expect(field).toHaveValue('due date');
    expect(await screen.findByText(/^\d of 6$/)).toBeVisible();

    await userEvent.click(field);
    await userEvent.paste(' level:loud');
    expect(await screen.findByText(/not 'loud'/)).toBeVisible();
  });

  it('shows only the lines of a level, until all are wanted', async () => {
    openRun(runFactory.failed({}), '?tab=log&level=warn');
    await screen.findByRole('region', { name: /Log of attempt 3/ });
    expect(await screen.findByText(/^234 lines hidden/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    await waitFor(() => expect(screen.queryByText(/lines hidden/)).toBeNull());
  });

  it('shows only novel lines, and says what they were compared with', async () => {
    openRun(runFactory.failed({}), '?tab=log');
    await screen.findByRole('region', { name: /Log of attempt 3/ });
    await userEvent.click(screen.getByRole('button', { name: 'Novel lines' }));
    expect(await screen.findByText(/^239 lines hidden/)).toBeVisible();
    expect(
      screen.getByText(
        'Compared with 12 successful runs of this pipeline; 1 of them were read only in part',
      ),
    ).toBeVisible();
  });
});
