import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const DAY_MS = 86_400_000;

const open = (backend: FakeBackend, search = '') =>
  renderPages({
    path: `/pipelines/definitions/ingest-meetings?tab=calendar${search}`,
    backend,
  });
const usualBackend = () =>
  new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.succeeded({ ageMs: 3 * DAY_MS }),
      runFactory.failed({ ageMs: 3 * DAY_MS }),
    ],
  });
const asked = (backend: FakeBackend) =>
  backend.requests.filter(({ path }) => path === '/stats/history').at(-1)!
    .query;

describe('the calendar of a pipeline', () => {
  it('has a cell for each day of a year, which tells its runs and leads to them', async () => {
    open(usualBackend());
    const grid = await screen.findByRole('grid', {
      name: 'Runs by day, weeks as columns',
    });
    expect(within(grid).getAllByRole('row')).toHaveLength(8);
    const day = within(grid).getByRole('link', { name: /: 2 runs, 1 failed$/ });
    expect(day.getAttribute('href')).toMatch(
      /^\/pipelines\/runs\?pipeline=ingest-meetings&from=[^&]+T00%3A00%3A00.000Z&to=/,
    );
    const legend = screen.getByRole('list', { name: 'Colours' });
    expect(legend).toHaveTextContent('0up to 1up to 2some failed');
  });

  it('tells of failures alone, by hour and of other periods, by the address', async () => {
    const backend = usualBackend();
    open(backend, '&by=hour&metric=rate');
    const grid = await screen.findByRole('grid', {
      name: 'Runs by hour, days as rows',
    });
    expect(
      within(grid)
        .getByRole('link', { name: /: 2 runs, 1 failed$/ })
        .getAttribute('href'),
    ).toContain('state=failed,timed_out,lost');
    const { from, to } = Object.fromEntries(asked(backend));
    expect(Date.parse(to) - Date.parse(from)).toBe(28 * DAY_MS);
    expect(screen.getByRole('button', { name: 'Later' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Earlier' }));
    await waitFor(() => expect(asked(backend).get('to')).toBe(from));
    await userEvent.click(screen.getByRole('button', { name: 'Later' }));
    await waitFor(() => expect(asked(backend).get('to')).toBe(to));
  });

  it('is walked through with the keys', async () => {
    const backend = usualBackend();
    open(backend);
    const grid = await screen.findByRole('grid');
    const day = within(grid).getByRole('link', { name: /: 2 runs/ });
    act(() => day.focus());
    await userEvent.keyboard('{ArrowLeft}');
    const week = Date.parse(day.dataset.start!) - 7 * DAY_MS;
    const focused = document.activeElement as HTMLElement;
    expect(Date.parse(focused.dataset.start!)).toBe(week);
    const { from } = Object.fromEntries(asked(backend));
    await userEvent.keyboard('{PageUp}');
    await waitFor(() => expect(asked(backend).get('to')).toBe(from));
  });
});
