import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { makeFailure } from '../../dev/fake/FakeFailures';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const PATH = '/pipelines/failures';
const ROW = '00112233aabbccdd';

function usualBackend() {
  const backend = new FakeBackend();
  backend.grouped.items.push(
    makeFailure(),
    makeFailure({
      fingerprint: 'ffeeddccbbaa9988',
      state: 'ignored',
      ignoredCount: 3,
      kind: 'timeout',
      step: undefined,
      template: 'Timed out after <duration>',
      pipelineCount: 4,
      occurrences: 1,
    }),
  );
  return backend;
}

const listed = (backend: FakeBackend) =>
  backend.requests.filter(({ path }) => path === '/failures').at(-1)?.query;

describe('FailuresPage', () => {
  it('tells of each failure how it stands, where, how often and when', async () => {
    renderPages({ path: PATH, backend: usualBackend() });
    const table = await screen.findByRole('table', { name: 'Failures' });
    const [, first, second] = within(table).getAllByRole('row');
    expect(
      within(first).getByRole('link', { name: 'Row <number> has no date' }),
    ).toHaveAttribute('href', expect.stringContaining(`${PATH}/${ROW}`));
    expect(within(first).getByText('Unresolved')).toBeVisible();
    expect(within(first).getByText('Exit code in load')).toBeVisible();
    expect(within(first).getByText('Ingest meeting summaries')).toBeVisible();
    expect(within(first).getByText('14')).toBeVisible();
    expect(
      within(first).getByRole('img', { name: /^14 runs since/ }),
    ).toBeVisible();
    expect(within(second).getByText('Ignored for 3 more')).toBeVisible();
    expect(within(second).getByText('and 3 more')).toBeVisible();
  });

  it('keeps its filters in the address and asks for them', async () => {
    const backend = usualBackend();
    renderPages({
      path: `${PATH}?state=ignored&range=-24h&colour=red&q=timed`,
      backend,
    });
    expect(
      await screen.findByRole('link', { name: 'Timed out after <duration>' }),
    ).toBeVisible();
    expect(screen.queryByText('Row <number> has no date')).toBeNull();
    expect(listed(backend)?.get('state')).toBe('ignored');
    expect(listed(backend)?.get('q')).toBe('timed');
    expect(screen.getByRole('searchbox')).toHaveValue('timed');
    await userEvent.click(screen.getByRole('button', { name: 'Resolved' }));
    await waitFor(() =>
      expect(listed(backend)?.get('state')).toBe('resolved,ignored'),
    );
  });

  it('says of which pipelines it is, and shows those of all', async () => {
    const backend = usualBackend();
    renderPages({ path: `${PATH}?pipeline=ingest-meetings`, backend });
    expect(await screen.findByText('Only of ingest-meetings')).toBeVisible();
    expect(listed(backend)?.get('pipeline')).toBe('ingest-meetings');
    await userEvent.click(
      screen.getByRole('button', { name: 'Of all pipelines' }),
    );
    await waitFor(() => expect(listed(backend)?.get('pipeline')).toBeNull());
  });

  it('asks for kinds of errors and owners that the address names', async () => {
    const backend = usualBackend();
    renderPages({
      path: `${PATH}?kind=timeout,odd&owner=group:default/data-platform`,
      backend,
    });
    await screen.findByRole('link', { name: 'Timed out after <duration>' });
    expect(screen.queryByText('Row <number> has no date')).toBeNull();
    expect(listed(backend)?.get('kind')).toBe('timeout');
    expect(listed(backend)?.get('owner')).toBe('group:default/data-platform');
    expect(screen.getByText(/Not understood and ignored: .*odd/)).toBeVisible();
    expect(
      within(screen.getByRole('table', { name: 'Failures' })).getByText(
        'data-platform',
      ),
    ).toBeVisible();
  });

  it('resolves the chosen ones, and says of which that was refused', async () => {
    const backend = usualBackend();
    const posts = () =>
      backend.requests.filter(({ method }) => method === 'POST');
    renderPages({ path: PATH, backend });
    const chooseBoth = async () => {
      for (const box of await screen.findAllByRole('checkbox')) {
        await userEvent.click(box);
      }
    };
    const resolve = async () => {
      const bar = screen.getByRole('toolbar', { name: '2 chosen' });
      await userEvent.click(
        within(bar).getByRole('button', { name: 'Resolve…' }),
      );
      const dialog = await screen.findByRole('dialog', {
        name: 'Resolve 2 failures',
      });
      expect(
        within(dialog).getByText('Row <number> has no date'),
      ).toBeVisible();
      await userEvent.click(
        within(dialog).getByRole('button', { name: 'Resolve' }),
      );
      return dialog;
    };
    backend.failures.set(
      new RegExp(`^POST /failures/${ROW}`),
      new FakeFailure(403, 'NotAllowedError', 'Needs more rights'),
    );
    await chooseBoth();
    const dialog = await resolve();
    expect(
      await within(dialog).findByText('1 were changed, 1 were not'),
    ).toBeVisible();
    expect(within(dialog).getByText(/Needs more rights/)).toBeVisible();
    expect(posts()).toHaveLength(2);
    expect(backend.grouped.items.map(({ state }) => state)).toEqual([
      'unresolved',
      'resolved',
    ]);
    const [close] = within(dialog).getAllByRole('button', { name: 'Close' });
    await userEvent.click(close);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

    backend.failures.clear();
    backend.grouped.items[1].state = 'unresolved';
    await resolve();
    await waitFor(() =>
      expect(backend.grouped.items.map(({ state }) => state)).toEqual([
        'resolved',
        'resolved',
      ]),
    );
    await waitFor(() =>
      expect(screen.queryByRole('toolbar', { name: '2 chosen' })).toBeNull(),
    );
  });

  it('names what it does not understand', async () => {
    renderPages({ path: `${PATH}?state=broken`, backend: usualBackend() });
    expect(
      await screen.findByText(/Not understood and ignored: .*broken/),
    ).toBeVisible();
  });

  it('has good news when nothing failed, and offers to clear filters that match nothing', async () => {
    renderPages({ path: PATH, backend: new FakeBackend() });
    expect(await screen.findByText('No failures in 7 days.')).toBeVisible();
    await userEvent.type(screen.getByRole('searchbox'), 'x');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the filters' }),
    );
    expect(await screen.findByText('No failures in 7 days.')).toBeVisible();
  });

  it('names the missing permission', async () => {
    const backend = usualBackend();
    backend.failures.set(
      /^GET \/failures$/,
      new FakeFailure(403, 'NotAllowedError', 'no'),
    );
    renderPages({ path: PATH, backend });
    expect(await screen.findByText(/pipelines\.run\.read/)).toBeVisible();
  });
});

describe('FailurePage', () => {
  const open = (backend: FakeBackend) =>
    renderPages({ path: `${PATH}/${ROW}`, backend });
  const posted = (backend: FakeBackend) =>
    backend.requests.filter(({ method }) => method === 'POST');

  it('tells what it says, where it occurs and which run was the latest', async () => {
    open(usualBackend());
    const message = await screen.findByRole('region', { name: 'Message' });
    expect(within(message).getByText('Row <number> has no date')).toBeVisible();
    expect(within(message).getByText('Row 81 has no date')).toBeVisible();
    expect(
      within(message).getByRole('link', { name: 'Ingest 2024' }),
    ).toHaveAttribute('href', expect.stringContaining('/pipelines/runs/019a'));
    const pipelines = screen.getByRole('region', { name: 'By pipeline' });
    expect(within(pipelines).getByText('data-platform')).toBeVisible();
    expect(screen.getByText(/20 runs in all/)).toBeVisible();
    expect(
      screen.getByText('Nobody has resolved or ignored it yet.'),
    ).toBeVisible();
  });

  it('leads to its runs, and those back to it', async () => {
    const backend = usualBackend();
    const run = runFactory.failed({ title: 'Ingest 2025' });
    backend.runs.push(run);
    backend.grouped.items[0].lastRun!.id = run.id;
    Object.assign(backend.grouped.items[0], {
      state: 'regressed',
      pipelineCount: 3,
    });
    open(backend);
    const runs = await screen.findByRole('region', {
      name: 'Its newest runs',
    });
    expect(
      within(runs).getByRole('link', { name: 'Show all of them' }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining(`/pipelines/runs?fingerprint=${ROW}`),
    );
    const link = await within(runs).findByRole('link', { name: 'Ingest 2025' });
    expect(
      backend.requests
        .find(({ path }) => path === '/runs')
        ?.query.get('fingerprint'),
    ).toBe(ROW);
    await userEvent.click(link);
    expect(await screen.findByText(/^Seen 20 times since/)).toHaveTextContent(
      /\d\. Also in 2 other pipelines\. It was resolved and has come back\. Open/,
    );
    expect(
      screen.getByRole('link', { name: 'Open this failure' }),
    ).toHaveAttribute('href', expect.stringContaining(`${PATH}/${ROW}`));
  });

  it('names itself as a filter of the runs list', async () => {
    const backend = usualBackend();
    renderPages({ path: `/pipelines/runs?fingerprint=${ROW}`, backend });
    expect(await screen.findByText(`of failure ${ROW}`)).toBeVisible();
    expect(
      backend.requests
        .filter(({ path }) => path === '/runs')
        .map(({ query }) => query.get('fingerprint')),
    ).toContain(ROW);
  });

  it('is resolved with a reason, which is then its history', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Resolve' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'new parser');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Resolve' }),
    );
    expect(await screen.findByText('new parser')).toBeVisible();
    expect(posted(backend)[0]).toMatchObject({
      path: `/failures/${ROW}/resolve`,
      body: { reason: 'new parser' },
    });
    expect(screen.queryByRole('button', { name: 'Resolve' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Unresolve' })).toBeVisible();
  });

  it('is ignored for so many more, and not for none', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Ignore…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('radio', {
        name: 'Until it has occurred more often',
      }),
    );
    const field = within(dialog).getByRole('textbox', {
      name: /How often more/,
    });
    const confirm = within(dialog).getByRole('button', { name: 'Ignore' });
    await userEvent.clear(field);
    await userEvent.type(field, '0');
    expect(confirm).toBeDisabled();
    await userEvent.clear(field);
    await userEvent.type(field, '25');
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(posted(backend)[0]).toMatchObject({
        path: `/failures/${ROW}/ignore`,
        body: { count: 25 },
      }),
    );
    expect(await screen.findByText('Ignored for 25 more')).toBeVisible();
  });

  it('is resolved and ignored by key', async () => {
    open(usualBackend());
    await screen.findByRole('button', { name: 'Resolve' });
    await userEvent.keyboard('I');
    expect(
      await screen.findByRole('dialog', { name: 'Ignore this failure' }),
    ).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await userEvent.keyboard('R');
    expect(
      await screen.findByRole('dialog', { name: 'Resolve this failure' }),
    ).toBeVisible();
  });

  it('says what is missing to whoever may not control all of it', async () => {
    const backend = new FakeBackend();
    backend.grouped.items.push(makeFailure({ isControllable: false }));
    open(backend);
    const button = await screen.findByRole('button', { name: 'Resolve' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says that there is none, or that one may not see it', async () => {
    open(new FakeBackend());
    expect(
      await screen.findByText(/No failure with this fingerprint/),
    ).toBeVisible();
  });
});
