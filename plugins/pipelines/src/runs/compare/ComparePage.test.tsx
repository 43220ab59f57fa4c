import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { makePipeline } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const HOUR_MS = 3_600_000;
const PIPELINES = [
  makePipeline({ id: 'ingest-meetings', title: 'Ingest meeting summaries' }),
];

const good = runFactory.succeeded({
  title: 'Ingest 2024',
  ageMs: 2 * HOUR_MS,
  tookMs: 40_000,
  parameters: { url: 'https://archive.example.org/2024.json', limit: 10 },
});
const bad = runFactory.failed({
  title: 'Ingest 2025',
  ageMs: HOUR_MS,
  tookMs: 60_000,
  submittedBy: 'user:default/noor',
  parameters: { url: 'https://archive.example.org/2025.json', limit: 10 },
});

function open(path: string) {
  const backend = new FakeBackend({ pipelines: PIPELINES, runs: [bad, good] });
  renderPages({ path, backend });
  return backend;
}

const region = (name: string) => screen.findByRole('region', { name });

describe('ComparePage', () => {
  it('compares a failed run with the last success before it', async () => {
    open(`/pipelines/runs/compare?b=${bad.id}`);
    const facts = await screen.findByRole('table', { name: 'What was done' });
    const state = within(facts).getByRole('row', { name: /Differs State/ });
    expect(within(state).getByText('Succeeded')).toBeVisible();
    expect(within(state).getByText('Failed')).toBeVisible();
    expect(
      within(facts).getByRole('row', { name: /Differs Reason – .*502/ }),
    ).toBeVisible();
    expect(within(facts).queryByRole('row', { name: /Worker/ })).toBeNull();

    const parameters = await screen.findByRole('table', { name: 'Parameters' });
    expect(within(parameters).getAllByRole('row')).toHaveLength(2);
    expect(parameters).toHaveTextContent('2024.json');
    expect(parameters).toHaveTextContent('2025.json');

    const steps = await screen.findByRole('table', { name: 'Steps' });
    expect(
      within(steps).getByRole('row', { name: /download.*longer/ }),
    ).toBeVisible();
  });

  it('unfolds what is equal, unless only differences are wanted', async () => {
    open(`/pipelines/runs/compare?a=${good.id}&b=${bad.id}`);
    await userEvent.click(
      await screen.findByRole('button', { name: /\d equal/ }),
    );
    const facts = screen.getByRole('table', { name: 'What was done' });
    expect(within(facts).getByRole('row', { name: /^Worker/ })).toBeVisible();
    await userEvent.click(
      screen.getByRole('switch', { name: 'Only differences' }),
    );
    expect(screen.queryByRole('button', { name: /\d equal/ })).toBeNull();
  });

  it('swaps the sides by a button and by a key', async () => {
    open(`/pipelines/runs/compare?b=${bad.id}`);
    const left = await region('Left');
    expect(
      await within(left).findByRole('link', { name: 'Ingest 2024' }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Swap sides' }));
    expect(
      await within(await region('Left')).findByRole('link', {
        name: 'Ingest 2025',
      }),
    ).toBeVisible();
    await userEvent.keyboard('s');
    expect(
      await within(await region('Left')).findByRole('link', {
        name: 'Ingest 2024',
      }),
    ).toBeVisible();
  });

  it('lets another run be chosen', async () => {
    open(`/pipelines/runs/compare?b=${good.id}`);
    expect(
      await screen.findByText(/no earlier success of this pipeline/),
    ).toBeVisible();
    const left = await region('Left');
    await userEvent.click(within(left).getByRole('button', { name: /Left/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: /Ingest 2025/ }),
    );
    expect(
      await screen.findByRole('table', { name: 'What was done' }),
    ).toBeVisible();
  });

  it('says what to do without a run, and that a run is not there', async () => {
    open('/pipelines/runs/compare?b=nonsense');
    expect(await screen.findByText('Nothing to compare')).toBeVisible();
  });

  it('names a run that is not there', async () => {
    open('/pipelines/runs/compare?b=019a0000-0000-7000-8000-000000000000');
    expect(await screen.findByText('No such run')).toBeVisible();
  });

  it('is reached from the menu of a run, and from two chosen runs', async () => {
    open('/pipelines/runs');
    await userEvent.click(
      await screen.findByRole('button', { name: /Ingest 2025/ }),
    );
    expect(
      await screen.findByRole('menuitem', { name: 'Compare…' }),
    ).toHaveAttribute('href', `/pipelines/runs/compare?b=${bad.id}`);
    await userEvent.keyboard('{Escape}');

    for (const title of ['Ingest 2024', 'Ingest 2025']) {
      const row = await screen.findByRole('row', { name: new RegExp(title) });
      await userEvent.click(within(row).getByRole('checkbox'));
    }
    expect(
      await screen.findByRole('link', { name: 'Compare' }),
    ).toHaveAttribute(
      'href',
      `/pipelines/runs/compare?a=${good.id}&b=${bad.id}`,
    );
  });
});
