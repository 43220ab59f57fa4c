import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { makeFailure } from '../../../dev/fake/FakeFailures';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const DAY_MS = 86_400_000;

const open = (backend: FakeBackend, search = '?tab=trends') =>
  renderPages({
    path: `/pipelines/definitions/ingest-meetings${search}`,
    backend,
  });
const usualBackend = () =>
  new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.succeeded({ ageMs: 5 * DAY_MS, tookMs: 30_000 }),
      runFactory.succeeded({ ageMs: 2 * DAY_MS, tookMs: 60_000 }),
      runFactory.failed({ ageMs: 2 * DAY_MS, tookMs: 60_000 }),
    ],
  });

describe('the trends of a pipeline', () => {
  it('tells how durations and the success rate went, in a sentence and as a table', async () => {
    open(usualBackend());
    const durations = await screen.findByRole('region', {
      name: 'Durations',
    });
    expect(
      within(durations).getByText(
        /half of the runs took at most 30 s to 1 m 00 s/,
      ),
    ).toBeInTheDocument();
    await userEvent.click(
      within(durations).getByRole('radio', { name: 'Table' }),
    );
    const [, newest] = within(durations).getAllByRole('row');
    expect(newest).toHaveTextContent(/1 m 00 s1 m 00 s2$/);
    const rate = screen.getByRole('region', { name: 'Success rates' });
    expect(
      within(rate).getByText(/^It was 100 % on .*, and 50 % on/),
    ).toBeInTheDocument();
  });

  it('lists the failures of this pipeline since the same time', async () => {
    const backend = usualBackend();
    backend.grouped.items.push(makeFailure());
    open(backend, '?tab=trends&range=-7d');
    expect(
      await screen.findByRole('link', { name: 'Row <number> has no date' }),
    ).toBeVisible();
    const { query } = backend.requests.find(
      ({ path }) => path === '/failures',
    )!;
    expect(query.get('pipeline')).toBe('ingest-meetings');
    expect(Date.now() - Date.parse(query.get('from')!)).toBeLessThan(
      7.1 * DAY_MS,
    );
    expect(
      screen.getByRole('link', { name: 'All its failures' }),
    ).toHaveAttribute(
      'href',
      '/pipelines/failures?pipeline=ingest-meetings&range=-7d',
    );
  });

  it('offers to compare the two newest runs', async () => {
    const backend = usualBackend();
    open(backend, '');
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'More of Ingest meeting summaries',
      }),
    );
    const ids = backend.runs.map(({ id }) => id).sort();
    expect(
      await screen.findByRole('menuitem', { name: 'Compare two runs' }),
    ).toHaveAttribute(
      'href',
      `/pipelines/runs/compare?a=${ids[1]}&b=${ids[2]}`,
    );
  });
});
