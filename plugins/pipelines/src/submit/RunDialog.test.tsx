import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { demoPipelines, makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

function submissions(backend: FakeBackend) {
  return backend.requests.filter(
    ({ method, path }) => method === 'POST' && path === '/runs',
  );
}

async function openDialog(path: string, backend: FakeBackend) {
  renderPages({ path, backend });
  return screen.findByRole('dialog');
}

const URL_TEXT = 'https://archive.example.org/2025.json';

describe('RunDialog', () => {
  it('opens from the address, submits what was filled in, and links to the run', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    const dialog = await openDialog(
      '/pipelines/definitions?run=ingest-meetings',
      backend,
    );
    expect(
      await within(dialog).findByText(
        'May be started again, up to 3 attempts.',
      ),
    ).toBeVisible();
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: /Source/ }),
      URL_TEXT,
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Run' }));

    await waitFor(() =>
      expect(
        screen.getByText('Ingest meeting summaries was submitted'),
      ).toBeVisible(),
    );
    const [{ body, headers }] = submissions(backend);
    expect(body).toEqual({
      pipelineId: 'ingest-meetings',
      parameters: { url: URL_TEXT, dryRun: false },
    });
    expect(headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
    expect(screen.getByRole('link', { name: 'Open the run' })).toHaveAttribute(
      'href',
      `/pipelines/runs/${backend.runs[0].id}`,
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('does not send what the schema refuses', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    const dialog = await openDialog(
      '/pipelines/definitions?run=ingest-meetings',
      backend,
    );
    await within(dialog).findByRole('textbox', { name: /Source/ });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Run' }));
    expect(
      await within(dialog).findByText(/Some values are not right yet/),
    ).toBeVisible();
    expect(submissions(backend)).toHaveLength(0);
  });

  it('keeps a refusal of the server, and sends a retry with the same key until something is edited', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    backend.failures.set(
      /^POST \/runs$/,
      new FakeFailure(400, 'InputError', "The host 'archive' is not allowed"),
    );
    const dialog = await openDialog(
      '/pipelines/definitions?run=ingest-meetings',
      backend,
    );
    const field = await within(dialog).findByRole('textbox', {
      name: /Source/,
    });
    await userEvent.type(field, URL_TEXT);
    const run = within(dialog).getByRole('button', { name: 'Run' });
    await userEvent.click(run);
    expect(
      await within(dialog).findByText("The host 'archive' is not allowed"),
    ).toBeVisible();
    await userEvent.click(run);
    await waitFor(() => expect(submissions(backend)).toHaveLength(2));
    await userEvent.type(field, '?v=2');
    await userEvent.click(run);
    await waitFor(() => expect(submissions(backend)).toHaveLength(3));
    const keys = submissions(backend).map(({ headers }) =>
      headers.get('Idempotency-Key'),
    );
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('is filled with the values of an earlier run, and opens the new one', async () => {
    const earlier = runFactory.succeeded({
      title: 'Ingest 2024',
      parameters: { url: 'https://archive.example.org/2024.json' },
      labels: { year: '2024' },
    });
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [earlier],
    });
    const dialog = await openDialog(
      `/pipelines/definitions?run=ingest-meetings&from=${earlier.id}`,
      backend,
    );
    expect(
      await within(dialog).findByText('Filled with the values of Ingest 2024.'),
    ).toBeVisible();
    expect(within(dialog).getByRole('textbox', { name: /Source/ })).toHaveValue(
      'https://archive.example.org/2024.json',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Run and open' }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Ingest meeting summaries' }),
    ).toBeVisible();
    expect(submissions(backend)[0].body).toMatchObject({
      parameters: earlier.parameters,
      labels: { year: '2024' },
    });
  });

  it('submits with Ctrl+Enter', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    const dialog = await openDialog(
      '/pipelines/definitions?run=ingest-meetings',
      backend,
    );
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: /Source/ }),
      `${URL_TEXT}{Control>}{Enter}{/Control}`,
    );
    await waitFor(() => expect(submissions(backend)).toHaveLength(1));
  });

  it('lets one choose a pipeline', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    const dialog = await openDialog('/pipelines/overview?run=', backend);
    await userEvent.click(
      within(dialog).getByRole('button', { name: /Choose a pipeline/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Rebuild the search index/ }),
    );
    expect(
      await screen.findByText('This pipeline takes no parameters.'),
    ).toBeVisible();
    expect(screen.getByText('Starts at most once.')).toBeVisible();
  });

  it.each([
    ['on the list', (picker: HTMLElement) => picker],
    ['on the dialog itself', (_: HTMLElement, dialog: HTMLElement) => dialog],
  ])(
    'submits with Ctrl+Enter right after a pipeline was chosen, with the focus %s',
    async (_, focusOf) => {
      const backend = new FakeBackend({ pipelines: demoPipelines() });
      const dialog = await openDialog('/pipelines/overview?run=', backend);
      const picker = within(dialog).getByRole('button', {
        name: /Choose a pipeline/,
      });
      await userEvent.click(picker);
      await userEvent.click(
        await screen.findByRole('option', { name: /Rebuild the search index/ }),
      );
      await screen.findByText('This pipeline takes no parameters.');
      const run = within(dialog).getByRole('button', { name: 'Run' });
      await waitFor(() => expect(run).not.toHaveAttribute('aria-disabled'));
      act(() => focusOf(picker, dialog).focus());
      await userEvent.keyboard('{Control>}{Enter}{/Control}');
      await waitFor(() => expect(submissions(backend)).toHaveLength(1));
      expect(screen.queryByRole('listbox')).toBeNull();
    },
  );

  it('keeps the query on the way from the page to its first tab', async () => {
    await openDialog(
      '/pipelines?run=ingest-meetings',
      new FakeBackend({
        pipelines: demoPipelines(),
        runs: [runFactory.succeeded()],
      }),
    );
    expect(
      await screen.findByText('Run Ingest meeting summaries'),
    ).toBeVisible();
    expect(await screen.findByText('Latest failures')).toBeInTheDocument();
  });

  it('offers the last values and shows what was changed of them, but no secrets', async () => {
    const schema = {
      type: 'object',
      required: ['token'],
      properties: {
        year: { type: 'integer', title: 'Year' },
        token: { type: 'string', title: 'Token', writeOnly: true },
      },
    };
    const earlier = runFactory.succeeded({
      title: 'Publish 2024',
      pipelineId: 'publish',
      parameters: { year: 2024, token: '••••' },
    });
    const backend = new FakeBackend({
      pipelines: [makePipeline({ id: 'publish', parameters: schema })],
      runs: [earlier],
    });
    const dialog = await openDialog(
      '/pipelines/runs?from=-7d&run=publish',
      backend,
    );
    await userEvent.click(
      await within(dialog).findByRole('button', { name: /Use values of/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Publish 2024/ }),
    );
    expect(
      await within(dialog).findByText(/Secret values are not among them/),
    ).toBeVisible();
    const year = within(dialog).getByRole('textbox', { name: /Year/ });
    expect(year).toHaveValue('2024');
    const token = within(dialog).getByLabelText(/Token/);
    expect(token).toHaveValue('');
    expect(within(dialog).queryByText('What you changed')).toBeNull();

    await userEvent.clear(year);
    await userEvent.type(year, '2025');
    await userEvent.type(token, 'hush');
    const changes = await within(dialog).findByRole('table', {
      name: 'What you changed',
    });
    expect(within(changes).getAllByRole('row')).toHaveLength(2);
    expect(
      within(changes).getByRole('row', { name: /Year.*2024.*2025/ }),
    ).toBeVisible();
    expect(within(dialog).getByText('Changed; it was 2024')).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Run' }));
    await waitFor(() => expect(submissions(backend)).toHaveLength(1));
    expect(submissions(backend)[0].body).toEqual({
      pipelineId: 'publish',
      parameters: { year: 2025, token: 'hush' },
    });
  });

  it('retries without parameters where nothing was changed, so that secrets are taken over', async () => {
    const schema = {
      type: 'object',
      required: ['token'],
      properties: {
        token: { type: 'string', title: 'Token', writeOnly: true },
      },
    };
    const earlier = runFactory.failed({
      pipelineId: 'publish',
      parameters: { token: '••••' },
      resumableFrom: 'upload',
    });
    const backend = new FakeBackend({
      pipelines: [makePipeline({ id: 'publish', parameters: schema })],
      runs: [earlier],
    });
    const dialog = await openDialog(
      `/pipelines/runs?run=publish&from=${earlier.id}&mode=retry&step=failed`,
      backend,
    );
    expect(
      await within(dialog).findByText(/taken from that run unless/),
    ).toBeVisible();
    expect(
      within(dialog).getByRole('checkbox', {
        name: "From the failed step 'upload'",
      }),
    ).toBeChecked();
    expect(
      within(dialog).queryByRole('button', { name: /Use values of/ }),
    ).toBeNull();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Retry' }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [{ path, body }] = backend.requests.filter(
      ({ method }) => method === 'POST',
    );
    expect(path).toBe(`/runs/${earlier.id}/retry`);
    expect(body).toEqual({ fromFailedStep: true });
  });

  it('says before one submits that the pipeline or the queue is paused', async () => {
    const paused = {
      by: 'user:default/noor',
      at: new Date(Date.now() - 60_000).toISOString(),
      reason: 'Archive moves',
      scheduledRuns: 'keep' as const,
    };
    const backend = new FakeBackend({
      pipelines: [makePipeline({ id: 'publish', paused })],
    });
    const dialog = await openDialog('/pipelines/runs?run=publish', backend);
    const alert = await within(dialog).findByText('This pipeline is paused');
    expect(alert).toBeVisible();
    expect(within(dialog).getByText('Archive moves')).toBeVisible();
    expect(within(dialog).getByText(/^By/)).toHaveTextContent(
      'By noor, 1 min ago. The run is queued and starts when it goes on.',
    );
  });

  it('sends the start time and the key that were asked for', async () => {
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    const dialog = await openDialog(
      '/pipelines/runs?run=rebuild-search-index',
      backend,
    );
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'More' }),
    );
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: /Idempotency key/ }),
      'my-first',
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Run' }));
    await waitFor(() => expect(submissions(backend)).toHaveLength(1));
    expect(submissions(backend)[0].headers.get('Idempotency-Key')).toBe(
      'my-first',
    );
  });

  it('says so where the pipeline of the address does not exist', async () => {
    await openDialog(
      '/pipelines/overview?run=no-such',
      new FakeBackend({ pipelines: demoPipelines() }),
    );
    expect(
      await screen.findByText(/There is no pipeline 'no-such'/),
    ).toBeVisible();
  });
});
