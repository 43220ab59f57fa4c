import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const MINUTE_MS = 60_000;

function startBackend() {
  const [oldest, passed, middle, newest] = [
    runFactory.failed({ title: 'Oldest', ageMs: 40 * MINUTE_MS }),
    runFactory.succeeded({ title: 'Passed', ageMs: 30 * MINUTE_MS }),
    runFactory.failed({ title: 'Middle', ageMs: 20 * MINUTE_MS }),
    runFactory.failed({ title: 'Newest', ageMs: 10 * MINUTE_MS }),
  ];
  const backend = new FakeBackend({
    pipelines: demoPipelines(),
    runs: [oldest, passed, middle, newest],
  });
  return { backend, oldest, passed, middle, newest };
}
const heading = (name: string) => screen.findByRole('heading', { name });

describe('the runs beside a run', () => {
  it('are those of the list that it was opened from, and keys walk along it', async () => {
    const { backend } = startBackend();
    renderPages({ path: '/pipelines/runs?state=failed', backend });
    await userEvent.click(
      (
        await screen.findAllByRole('link', { name: 'Middle' })
      )[0],
    );
    await heading('Middle');
    expect(
      await screen.findByRole('button', { name: 'Newer run: Newest (k)' }),
    ).toBeEnabled();
    const older = await screen.findByRole('button', {
      name: 'Older run: Oldest (j)',
    });
    await userEvent.click(older);
    await heading('Oldest');
    expect(
      await screen.findByRole('button', { name: 'No older run in the list' }),
    ).toBeDisabled();
    await screen.findByRole('button', { name: 'Newer run: Middle (k)' });
    await userEvent.keyboard('k');
    await heading('Middle');
    await screen.findByRole('button', { name: 'Newer run: Newest (k)' });
    await userEvent.keyboard('k');
    await heading('Newest');
  });

  it('are those of all runs without a list, and the part that is open stays open', async () => {
    const { backend, middle } = startBackend();
    renderPages({
      path: `/pipelines/runs/${middle.id}?tab=parameters`,
      backend,
    });
    await screen.findByRole('button', { name: 'Older run: Passed (j)' });
    await userEvent.keyboard('j');
    await heading('Passed');
    expect(await screen.findByRole('rowheader', { name: 'url' })).toBeVisible();
  });

  it('stay known while one looks at other parts of the run', async () => {
    const { backend, middle } = startBackend();
    renderPages({
      path: `/pipelines/runs/${middle.id}?list=state%3Dfailed`,
      backend,
    });
    await userEvent.click(
      await screen.findByRole('link', { name: 'Parameters' }),
    );
    await screen.findByRole('rowheader', { name: 'url' });
    await screen.findByRole('button', { name: 'Older run: Oldest (j)' });
    await waitFor(() =>
      expect(
        backend.requests
          .filter(({ path }) => path.endsWith('/neighbours'))
          .map(({ query }) => query.get('state')),
      ).not.toContain(null),
    );
  });
});
