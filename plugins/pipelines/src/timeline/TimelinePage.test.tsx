import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { demoPipelines } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const HOUR_MS = 3_600_000;

function usualBackend() {
  const backend = new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.succeeded({ ageMs: 15 * HOUR_MS, tookMs: HOUR_MS }),
      runFactory.failed({ ageMs: 8 * HOUR_MS, tookMs: 60_000 }),
      runFactory.succeeded({ ageMs: 8 * HOUR_MS - 30_000, tookMs: 60_000 }),
      runFactory.running({ ageMs: 2 * HOUR_MS, pipelineId: 'transcode' }),
    ],
  });
  backend.pipeline('ingest-meetings').schedule!.nextAt = new Date(
    Date.now() + HOUR_MS,
  ).toISOString();
  return backend;
}

const open = (backend: FakeBackend, search = '') =>
  renderPages({ path: `/pipelines/timeline${search}`, backend });
const findChart = () =>
  screen.findByRole('region', { name: 'Timeline of pipelines' });
const windows = (backend: FakeBackend) =>
  backend.requests
    .filter(({ path }) => path === '/timeline')
    .map(({ query }) => query);

const statesOf = (link: HTMLElement) =>
  new URL(link.getAttribute('href')!, 'http://x').searchParams
    .get('state')
    ?.split(',');

describe('the timeline', () => {
  it('has the pipelines below their owners, with their runs as bars that open them', async () => {
    const backend = usualBackend();
    open(backend);
    const chart = await findChart();
    const rows = within(chart).getByRole('list', {
      name: 'Pipelines by owner',
    });
    const texts = within(rows)
      .getAllByRole('listitem')
      .map(row => row.textContent);
    expect(texts[0]).toMatch(/data-platform.*2 succeeded.*1 failed/);
    expect(texts[1]).toMatch(/^Ingest meeting summaries: 3 runs, 1 failed/);
    const good = within(chart).getByRole('link', {
      name: /^Succeeded, .*took 1 h 00 m$/,
    });
    expect(good).toHaveAttribute(
      'href',
      `/pipelines/runs/${backend.runs[0].id}`,
    );
    expect(
      within(chart).getByRole('link', { name: /^Running, / }),
    ).toHaveAttribute('href', `/pipelines/runs/${backend.runs[3].id}`);
    expect(
      within(chart).getAllByRole('link', { name: /^Planned start/ })[0],
    ).toHaveAttribute(
      'href',
      '/pipelines/definitions/ingest-meetings?tab=schedule',
    );
  });

  it('tells which runs are one bar, and leads to each and to all of them', async () => {
    const backend = usualBackend();
    open(backend);
    const merged = within(await findChart()).getByRole('button', {
      name: /^2 runs, .* 1 failed$/,
    });
    await userEvent.click(merged);
    const list = await screen.findByRole('dialog', {
      name: '2 runs in this bar',
    });
    expect(
      within(list)
        .getAllByRole('link')
        .slice(0, 2)
        .map(link => link.getAttribute('href')),
    ).toEqual([
      `/pipelines/runs/${backend.runs[1].id}`,
      `/pipelines/runs/${backend.runs[2].id}`,
    ]);
    expect(
      within(list)
        .getByRole('link', { name: 'All 2 in the runs list' })
        .getAttribute('href'),
    ).toMatch(/^\/pipelines\/runs\?.*pipeline=ingest-meetings.*&from=/);
  });

  it('is moved and zoomed by keys and buttons, and goes on with the clock again', async () => {
    const backend = usualBackend();
    open(backend);
    await findChart();
    const before = Date.parse(windows(backend)[0].get('from')!);
    expect(screen.getByRole('button', { name: 'Now' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Earlier' }));
    await waitFor(() =>
      expect(Date.parse(windows(backend).at(-1)!.get('from')!)).toBe(
        before - 6 * HOUR_MS,
      ),
    );
    await userEvent.keyboard('0');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Now' })).toBeDisabled(),
    );
    await userEvent.keyboard('+');
    expect(await screen.findByRole('radio', { name: '12 h' })).toBeChecked();
    await userEvent.keyboard('--');
    expect(await screen.findByRole('radio', { name: '7 d' })).toBeChecked();
    expect(screen.getByRole('button', { name: 'Zoom out (-)' })).toBeDisabled();
  });

  it('is walked through with the arrow keys', async () => {
    open(usualBackend());
    const chart = await findChart();
    const label = within(chart).getByRole('link', { name: /^Ingest meeting/ });
    expect(label).toHaveAttribute('tabindex', '0');
    act(() => label.focus());
    await userEvent.tab();
    expect(document.activeElement).toHaveAccessibleName(/^2 runs/);
    await userEvent.keyboard('{ArrowLeft}');
    expect(document.activeElement).toHaveAccessibleName(/^Succeeded/);
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement).toHaveAccessibleName(
      /^Rebuild the search index/,
    );
    await userEvent.keyboard('{ArrowRight}');
    expect(screen.getByRole('button', { name: 'Now' })).toBeEnabled();
  });

  it('is dragged, without opening what is under the pointer', async () => {
    open(usualBackend());
    const chart = await findChart();
    const bar = within(chart).getByRole('link', { name: /^Running, / });
    fireEvent(
      bar,
      new MouseEvent('pointerdown', { bubbles: true, clientX: 300 }),
    );
    fireEvent(
      window,
      new MouseEvent('pointermove', { bubbles: true, clientX: 500 }),
    );
    fireEvent(window, new MouseEvent('pointerup', { bubbles: true }));
    fireEvent.click(bar);
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Now' })).toBeEnabled(),
    );
    expect(await findChart()).toBeVisible();
  });

  it('leads to a list of runs that reached into the view, in the chosen states', async () => {
    const backend = usualBackend();
    open(backend, '?view=table&range=1h&state=running,failed');
    const table = await screen.findByRole('table');
    const row = within(table).getByRole('row', { name: /^Transcode/ });
    const link = within(row).getByRole('link', { name: 'Show 1' });
    expect(statesOf(link)).toEqual(['running', 'failed']);
    const search = new URL(link.getAttribute('href')!, 'http://x').searchParams;
    expect(Date.parse(search.get('from')!)).toBeLessThan(
      Date.parse(backend.runs[3].startedAt!),
    );
  });

  it('is moved once by a wheel, when it rests, and zoomed by one step', async () => {
    const backend = usualBackend();
    open(backend);
    const chart = await findChart();
    // All at once, so that nothing is drawn between
    const turn = (by: WheelEventInit) =>
      act(() => {
        for (let count = 0; count < 20; count += 1) {
          chart.dispatchEvent(
            new WheelEvent('wheel', { ...by, cancelable: true }),
          );
        }
      });
    turn({ ctrlKey: true, deltaY: -10 });
    expect(await screen.findByRole('radio', { name: '12 h' })).toBeChecked();
    turn({ deltaX: -10 });
    expect(screen.getByRole('button', { name: 'Now' })).toBeDisabled();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Now' })).toBeEnabled(),
    );
  });

  it('stays where it is when the pointer is taken away', async () => {
    open(usualBackend());
    const chart = await findChart();
    const bar = within(chart).getByRole('link', { name: /^Running, / });
    const shift = chart.style.getPropertyValue('--shift');
    const point = (target: Element | Window, type: string, clientX = 0) =>
      fireEvent(target, new MouseEvent(type, { bubbles: true, clientX }));
    point(bar, 'pointerdown', 300);
    point(window, 'pointermove', 500);
    expect(chart.style.getPropertyValue('--shift')).not.toBe(shift);
    point(window, 'pointercancel');
    point(window, 'pointermove', 600);
    expect(chart.style.getPropertyValue('--shift')).toBe(shift);
    expect(chart).not.toHaveAttribute('data-dragged');
    expect(screen.getByRole('button', { name: 'Now' })).toBeDisabled();
  });

  it('takes everything from the address, and names what it does not understand', async () => {
    const backend = usualBackend();
    open(
      backend,
      '?range=6h&at=2026-11-20T12:00:00Z&pipeline=transcode&owner=group:default/media&state=running,odd&view=table',
    );
    const table = await screen.findByRole('table', {
      name: 'Pipelines in this span of time',
    });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(
      screen.getByText('Not understood and ignored: state=odd'),
    ).toBeVisible();
    expect(Object.fromEntries(windows(backend)[0])).toEqual({
      from: '2026-11-20T06:00:00.000Z',
      to: '2026-11-20T13:30:00.000Z',
      pipeline: 'transcode',
      owner: 'group:default/media',
      state: 'running',
    });
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    await waitFor(() =>
      expect(within(table).getAllByRole('row').length).toBeGreaterThan(2),
    );
  });

  it('says the same in a table, with links to the runs', async () => {
    open(usualBackend(), '?view=table');
    const table = await screen.findByRole('table');
    const row = within(table).getByRole('row', { name: /^Ingest meeting/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .slice(0, 3)
        .map(cell => cell.textContent),
    ).toEqual(['0', '2', '1']);
    const link = within(row).getByRole('link', { name: 'Show 3' });
    expect(statesOf(link)).toContain('succeeded');
    expect(statesOf(link)).not.toContain('queued');
  });
});
