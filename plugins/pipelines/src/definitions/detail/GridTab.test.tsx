import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const HOUR_MS = 3_600_000;

function usualBackend() {
  return new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.succeeded({
        ageMs: 4 * HOUR_MS,
        tookMs: 100_000,
        trigger: 'schedule',
      }),
      runFactory.failed({ ageMs: 3 * HOUR_MS, tookMs: 50_000 }),
      runFactory.succeeded({
        ageMs: 2 * HOUR_MS,
        tookMs: 20_000,
        labels: { revision: '3' },
      }),
      runFactory.running({ ageMs: 5_000, labels: { revision: '3' } }),
      runFactory.succeeded({ pipelineId: 'transcode' }),
    ],
  });
}

const open = (backend: FakeBackend, search = '') =>
  renderPages({
    path: `/pipelines/definitions/ingest-meetings?tab=grid${search}`,
    backend,
  });

const findGrid = () => screen.findByRole('grid');
const bars = (grid: HTMLElement) =>
  within(within(grid).getAllByRole('row')[0]).getAllByRole('link');

describe('the run grid', () => {
  it('has a bar for each run, newest last, and a square for each of its steps', async () => {
    const backend = usualBackend();
    open(backend);
    const grid = await findGrid();
    expect(bars(grid).map(bar => bar.getAttribute('href'))).toEqual(
      backend.runs.slice(0, 4).map(({ id }) => `/pipelines/runs/${id}`),
    );
    const [longest, failed, changed] = bars(grid);
    expect(longest).toHaveStyle({ height: '100px' });
    expect(failed).toHaveStyle({ height: '50px' });
    expect(longest).toHaveAccessibleName(
      /^Succeeded, .* took 1 m 40 s, Schedule$/,
    );
    expect(changed).toHaveAccessibleName(/settings changed to revision 3$/);
    expect(within(grid).getByText('p95 1 m 40 s')).toBeVisible();
    const row = within(grid).getByRole('row', { name: /^download/ });
    const step = within(row).getByRole('link', { name: /^download: Failed/ });
    expect(step).toHaveAttribute(
      'href',
      `/pipelines/runs/${backend.runs[1].id}?tab=log&attempt=${backend.runs[1].attempt}&step=download`,
    );
  });

  it('counts the runs by state, each count leading to them', async () => {
    const backend = usualBackend();
    open(backend);
    const counts = await screen.findByRole('list', {
      name: 'These runs by state',
    });
    const good = within(counts).getByRole('link', { name: '2 succeeded' });
    expect(good.getAttribute('href')).toMatch(/state=succeeded/);
    expect(good.getAttribute('href')).toMatch(/pipeline=ingest-meetings/);
    expect(
      within(counts).getByRole('link', { name: '1 failed' }),
    ).toBeVisible();
  });

  it('is walked through with the arrow keys, and tells what is there', async () => {
    open(usualBackend());
    const grid = await findGrid();
    const newest = bars(grid)[3];
    expect(newest).toHaveAttribute('tabindex', '0');
    act(() => newest.focus());
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(document.activeElement).toHaveAccessibleName(/^Failed, /);
    expect(newest).toHaveAttribute('tabindex', '-1');
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement).toHaveAccessibleName(/^download: Failed/);
    await userEvent.keyboard('{Home}{ArrowUp}{ArrowUp}');
    expect(document.activeElement).toBe(bars(grid)[0]);
    await userEvent.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(bars(grid)[0]);
  });

  it('shows only failed ones, those of a trigger, and as many as chosen, by the address', async () => {
    const backend = usualBackend();
    open(backend);
    await findGrid();
    await userEvent.click(screen.getByRole('switch', { name: 'Only failed' }));
    await waitFor(async () => expect(bars(await findGrid())).toHaveLength(1));
    const asked = (name: string) =>
      backend.requests
        .filter(({ path }) => path.endsWith('/grid'))
        .at(-1)
        ?.query.get(name);
    expect(asked('state')).toBe('failed,timed_out,lost');
    await userEvent.click(screen.getByRole('radio', { name: '10' }));
    await waitFor(() => expect(asked('limit')).toBe('10'));
  });

  it('says that nothing matches, and shows all again', async () => {
    open(usualBackend(), '&state=failed,timed_out,lost&trigger=webhook&n=13');
    expect(
      await screen.findByText('No run of this pipeline matches.'),
    ).toBeVisible();
    expect(screen.getByText('Not understood and ignored: n=13')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(bars(await findGrid())).toHaveLength(4);
  });

  it('holds new runs back while the focus is in it', async () => {
    const backend = usualBackend();
    open(backend);
    const grid = await findGrid();
    act(() => bars(grid)[3].focus());
    act(() => backend.add(runFactory.queued({ ageMs: 0 })));
    await userEvent.keyboard('r');
    const letIn = await screen.findByRole('button', { name: '1 new run' });
    expect(bars(grid)).toHaveLength(4);
    await userEvent.click(letIn);
    await waitFor(() => expect(bars(grid)).toHaveLength(5));
  });

  it('says that there is none yet', async () => {
    open(new FakeBackend({ pipelines: demoPipelines() }));
    expect(await screen.findByText('It has not run yet.')).toBeVisible();
  });
});
