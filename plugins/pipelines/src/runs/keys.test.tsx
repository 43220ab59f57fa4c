import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

function backendWithPages() {
  return new FakeBackend({
    pipelines: [makePipeline({ id: 'ingest-meetings' })],
    runs: Array.from({ length: 27 }, (_, index) =>
      runFactory.succeeded({
        title: `Ingest ${index}`,
        ageMs: 10_000_000 - index * 1_000,
      }),
    ),
  });
}

describe('the keys of the runs list', () => {
  it('turn pages, open the filters and go to the rows', async () => {
    renderPages({
      path: '/pipelines/runs?size=25',
      backend: backendWithPages(),
    });
    await screen.findByText('25 runs, more follow');
    await userEvent.keyboard('j');
    await screen.findByText('2 runs, the last page');
    await userEvent.keyboard('j');
    expect(screen.getByText('2 runs, the last page')).toBeVisible();
    await userEvent.keyboard('k');
    await screen.findByText('25 runs, more follow');

    await userEvent.keyboard('{ArrowDown}');
    const row = await screen.findByRole('row', { name: /Ingest 26/ });
    expect(row).toHaveFocus();
    await userEvent.keyboard(' {ArrowDown}');
    expect(screen.getByRole('row', { name: /Ingest 25/ })).toHaveFocus();
    expect(row).toHaveAttribute('aria-selected', 'true');

    await userEvent.keyboard('f');
    const form = await screen.findByRole('dialog');
    expect(within(form).getByRole('group', { name: 'Trigger' })).toBeVisible();
  });

  it('are listed by page, and can be turned off for good', async () => {
    renderPages({
      path: '/pipelines/runs?size=25',
      backend: backendWithPages(),
    });
    await screen.findByText('25 runs, more follow');
    await userEvent.keyboard('?');
    const sheet = await screen.findByRole('dialog');
    expect(
      within(sheet).getByRole('heading', { name: 'List of runs' }),
    ).toBeVisible();
    expect(within(sheet).getByText('Next and previous page')).toBeVisible();
    const single = within(sheet).getByRole('switch');
    expect(single).toBeChecked();
    await userEvent.click(single);
    expect(single).not.toBeChecked();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

    await userEvent.keyboard('c?fj');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByText('25 runs, more follow')).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: /^Keys/ }));
    await userEvent.click(await screen.findByRole('switch'));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await userEvent.keyboard('j');
    expect(await screen.findByText('2 runs, the last page')).toBeVisible();
  });
});
