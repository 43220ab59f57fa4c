import { screen, within } from '@testing-library/react';
import { FakeBackend, FakeFailure } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

type Run = ReturnType<typeof runFactory.succeeded>;

const HOUR_MS = 3_600_000;

function open(run: Run, others: Run[] = [], refusal?: FakeFailure) {
  const backend = new FakeBackend({
    pipelines: demoPipelines(),
    runs: [...others, run],
  });
  if (refusal) {
    backend.failures.set(/\/changes$/, refusal);
  }
  renderPages({ path: `/pipelines/runs/${run.id}`, backend });
}
const panel = () =>
  screen.findByRole('region', { name: 'Since the last success' });

describe('what changed since the last success', () => {
  const common = runFactory.succeeded({
    ageMs: 3 * HOUR_MS,
    pipelineVersion: '2.0.0',
  });
  const last = runFactory.succeeded({ ageMs: 2 * HOUR_MS });

  it('is told of a failed run, with how rare each change is', async () => {
    const run = runFactory.failed({
      pipelineVersion: '2.0.0',
      parameters: { url: 'https://elsewhere.example.org' },
    });
    open(run, [common, last]);
    const region = await panel();
    expect(
      await within(region).findByText(/^2 things changed since/),
    ).toHaveTextContent('last success, 1 h ago.');
    const [, first, second] = within(region).getAllByRole('row');
    expect(first).toHaveTextContent(
      /Parameter url.*2025\.json.*elsewhere.*In none of 2 successes/,
    );
    expect(second).toHaveTextContent(
      /Code version.*1\.0\.0.*2\.0\.0.*In 1 of 2 successes/,
    );
    expect(
      within(region).getByRole('link', { name: 'Compare with it' }),
    ).toHaveAttribute(
      'href',
      `/pipelines/runs/compare?a=${last.id}&b=${run.id}`,
    );
  });

  it('says so when nothing did', async () => {
    open(runFactory.failed(), [common, last]);
    expect(
      await within(await panel()).findByText(/^Nothing that is recorded/),
    ).toBeVisible();
  });

  it('says so when there was no success', async () => {
    open(runFactory.timedOut());
    expect(
      await within(await panel()).findByText('Never succeeded before'),
    ).toBeVisible();
  });

  it('names the permission that is missing', async () => {
    open(
      runFactory.lost(),
      [],
      new FakeFailure(403, 'NotAllowedError', 'Not allowed'),
    );
    expect(
      await within(await panel()).findByText(/pipelines\.run\.read/),
    ).toBeVisible();
  });

  it('is not asked of a run that succeeded', async () => {
    open(last);
    await screen.findByText('338 records read, 338 loaded, 12 warnings');
    expect(
      screen.queryByRole('region', { name: 'Since the last success' }),
    ).toBeNull();
  });
});
