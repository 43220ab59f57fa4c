import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { demoPipelines } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

// As on a phone: no query for a least width holds.
beforeAll(() => {
  const wide = window.matchMedia;
  window.matchMedia = query => ({ ...wide(query), matches: false });
});

describe('on a narrow screen', () => {
  it('has the likeliest action at the bottom, and everything else behind two buttons', async () => {
    const run = runFactory.running({ title: 'Ingest 2025' });
    renderPages({
      path: `/pipelines/runs/${run.id}`,
      backend: new FakeBackend({ pipelines: demoPipelines(), runs: [run] }),
    });
    expect(
      await screen.findByRole('button', { name: 'Cancel…' }),
    ).toBeVisible();
    expect(screen.queryByText('Worker')).toBeNull();
    const facts = screen.getByRole('button', { name: 'All facts of the run' });
    await userEvent.click(facts);
    expect(facts).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText('Worker')).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: 'More actions' }));
    const menu = await screen.findByRole('menu');
    expect(
      within(menu)
        .getAllByRole('menuitem')
        .map(item => item.textContent),
    ).toEqual([
      'Compare…',
      'Run again with edits…',
      'Pause…',
      'Edit note and labels…',
      'Cancel…',
      'Copy link',
    ]);
  });

  it('chooses runs in the list and acts on them', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [
        runFactory.queued({ title: 'Ingest A' }),
        runFactory.queued({ title: 'Ingest B' }),
      ],
    });
    renderPages({ path: '/pipelines/runs', backend });
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Choose Ingest A' }),
    );
    const bar = await screen.findByRole('region', { name: 'Chosen runs' });
    expect(within(bar).getByText('1 chosen')).toBeVisible();
    await userEvent.click(
      within(bar).getByRole('button', {
        name: 'More actions on the chosen runs',
      }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Set priority' }),
    );
    const drawer = await screen.findByRole('dialog', {
      name: 'Act on many runs',
    });
    await userEvent.click(
      await within(drawer).findByRole('button', {
        name: 'Set the priority of 1 run',
      }),
    );
    await waitFor(() =>
      expect(
        backend.requests
          .filter(({ path, body }) => path === '/runs/bulk' && !body?.dryRun)
          .map(({ body }) => body),
      ).toMatchObject([{ action: 'priority', priority: 0, expected: 1 }]),
    );
  });

  it('has all filters behind one button, which says how many there are', async () => {
    const backend = new FakeBackend({
      pipelines: demoPipelines(),
      runs: [runFactory.failed({ labels: { team: 'data' } })],
    });
    const lastQuery = () =>
      Object.fromEntries(
        backend.requests.filter(({ path }) => path === '/runs').at(-1)?.query ??
          [],
      );
    renderPages({
      path: '/pipelines/runs?state=failed&q=502&label.team=data',
      backend,
    });
    const open = await screen.findByRole('button', { name: 'Filters (3)' });
    expect(screen.queryByRole('searchbox')).toBeNull();
    await userEvent.click(open);
    const drawer = await screen.findByRole('dialog', { name: 'Filters' });
    expect(within(drawer).getByRole('searchbox')).toHaveValue('502');
    const tag = within(drawer).getByRole('row', { name: 'Failed' });
    await userEvent.click(within(tag).getByRole('button'));
    await waitFor(() => expect(lastQuery()).not.toHaveProperty('state'));
    expect(lastQuery()).toMatchObject({ q: '502', 'label.team': 'data' });
    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Close' }),
    );
    expect(
      await screen.findByRole('button', { name: 'Filters (2)' }),
    ).toBeVisible();
  });
});
