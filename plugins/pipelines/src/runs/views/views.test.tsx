import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { FAKE_TEAM, makeView } from '../../../dev/fake/FakeViews';
import { makePipeline } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const RUNS = '/pipelines/runs';

function backendWithRuns() {
  return new FakeBackend({
    pipelines: [makePipeline({ id: 'ingest-meetings' })],
    runs: [
      runFactory.failed({ title: 'Ingest 2024' }),
      runFactory.succeeded({ title: 'Ingest 2025' }),
    ],
  });
}

const titles = () =>
  screen.queryAllByRole('link', { name: /^Ingest/ }).map(e => e.textContent);

async function openMenu(name: RegExp | string = 'Saved views') {
  await userEvent.click(await screen.findByRole('button', { name }));
  return screen.findByRole('menu');
}

async function choose(
  item: RegExp | string,
  menu: RegExp | string = /^Saved view/,
) {
  const opened = await openMenu(menu);
  await userEvent.click(within(opened).getByRole('menuitem', { name: item }));
}

describe('saved views', () => {
  it('open from a link that says nothing else, and are marked once the list differs', async () => {
    const backend = backendWithRuns();
    const view = makeView({ query: 'state=failed' });
    backend.views.items.push(view);
    renderPages({ path: `${RUNS}?view=${view.id}`, backend });
    await screen.findByRole('button', { name: 'Saved view: Failed of late' });
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
    const asked = backend.requests.filter(({ path }) => path === '/runs');
    expect(asked.every(({ query }) => query.get('state') === 'failed')).toBe(
      true,
    );

    await userEvent.click(screen.getByRole('button', { name: /^Succeeded/ }));
    await screen.findByRole('button', {
      name: 'Saved view: Failed of late, changed',
    });
    await waitFor(() => expect(titles()).toEqual(['Ingest 2025']));
    await choose('Back to the saved view');
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));

    await userEvent.click(
      within(
        screen.getByRole('toolbar', { name: 'Filter by state' }),
      ).getByRole('button', { name: /^All/ }),
    );
    await screen.findByRole('button', { name: 'Saved views' });
    await waitFor(() => expect(titles()).toHaveLength(2));
  });

  it('are saved from the filters that are chosen, and shared with a team', async () => {
    const backend = backendWithRuns();
    renderPages({ path: `${RUNS}?state=lost,failed&size=25`, backend });
    await choose('Save as a new view…');
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Name' }),
      '  Broken ',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Save view' }),
    );
    await screen.findByRole('button', { name: 'Saved view: Broken' });
    expect(backend.views.items).toMatchObject([
      { name: 'Broken', query: 'state=failed,lost' },
    ]);

    await choose('Rename or share…');
    const edit = await screen.findByRole('dialog');
    await userEvent.click(within(edit).getByRole('button', { name: /^Me/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Team data-platform' }),
    );
    await userEvent.click(within(edit).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.views.items).toMatchObject([
        { owner: FAKE_TEAM, revision: 2, query: 'state=failed,lost' },
      ]),
    );
    const menu = await openMenu(/^Saved view/);
    expect(
      within(menu).getByRole('group', { name: 'Team data-platform' }),
    ).toHaveTextContent('Broken');
  });

  it('are saved over with what the list shows now, unless somebody else was faster', async () => {
    const backend = backendWithRuns();
    const view = makeView({ query: 'state=lost' });
    backend.views.items.push(view);
    renderPages({ path: `${RUNS}?view=${view.id}&state=failed`, backend });
    await screen.findByRole('button', { name: /Failed of late, changed/ });
    backend.views.items[0] = {
      ...view,
      revision: 2,
      changedBy: 'user:default/noor',
    };
    await choose('Save changes');
    expect(
      await screen.findByText(/was changed by 'user:default\/noor'/),
    ).toBeVisible();
    expect(backend.views.items[0].query).toBe('state=lost');

    await choose('Save changes');
    await screen.findByRole('button', { name: 'Saved view: Failed of late' });
    expect(backend.views.items).toMatchObject([
      { query: 'state=failed', revision: 3 },
    ]);
    expect(screen.queryByText(/was changed by/)).toBeNull();
  });

  it('say what is wrong when a name is taken, and keep what was typed', async () => {
    const backend = backendWithRuns();
    backend.views.items.push(makeView({ name: 'Broken' }));
    renderPages({ path: RUNS, backend });
    await choose('Save as a new view…');
    const dialog = await screen.findByRole('dialog');
    const save = within(dialog).getByRole('button', { name: 'Save view' });
    expect(save).toBeDisabled();
    const name = within(dialog).getByRole('textbox', { name: 'Name' });
    await userEvent.type(name, 'Broken');
    await userEvent.click(save);
    expect(
      await within(dialog).findByText(/There is a view 'Broken'/),
    ).toBeVisible();
    expect(name).toHaveValue('Broken');
  });

  it('are deleted after a question, and leave the list as it is', async () => {
    const backend = backendWithRuns();
    const view = makeView({ query: 'state=failed' });
    backend.views.items.push(view);
    renderPages({ path: `${RUNS}?view=${view.id}`, backend });
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
    await choose('Delete…');
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Delete view',
      }),
    );
    await screen.findByRole('button', { name: 'Saved views' });
    expect(backend.views.items).toEqual([]);
    expect(titles()).toEqual(['Ingest 2024']);
    expect(screen.queryByText(/cannot be opened/)).toBeNull();
  });

  it('of a colleague open by their link and can only be saved under another name', async () => {
    const backend = backendWithRuns();
    const view = makeView({
      name: 'Of Noor',
      query: 'state=failed',
      owner: 'user:default/noor',
      isEditable: false,
    });
    backend.views.items.push(view);
    renderPages({ path: `${RUNS}?view=${view.id}`, backend });
    const menu = await openMenu('Saved view: Of Noor');
    expect(
      within(menu).getByRole('group', {
        name: /Opened by a link, of user:noor/,
      }),
    ).toHaveTextContent('Of Noor');
    expect(
      within(menu).getByRole('menuitem', { name: /Save changes Only/ }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(
      within(menu).queryByRole('menuitem', { name: 'Delete…' }),
    ).toBeNull();
    expect(
      within(menu).getByRole('menuitem', { name: 'Save as a new view…' }),
    ).not.toHaveAttribute('aria-disabled');
  });

  it('that are gone are said to be, and the list is shown as the rest of the address says', async () => {
    const { id } = makeView();
    renderPages({
      path: `${RUNS}?view=${id}&state=failed`,
      backend: backendWithRuns(),
    });
    expect(await screen.findByText('This view cannot be opened')).toBeVisible();
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
  });
});
