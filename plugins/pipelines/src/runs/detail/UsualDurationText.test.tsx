import { screen } from '@testing-library/react';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const MINUTE_MS = 60_000;

type Run = ReturnType<typeof runFactory.running>;

function open(run: Run, minutes: readonly number[]) {
  const backend = new FakeBackend({
    runs: [
      ...minutes.map((took, index) =>
        runFactory.succeeded({
          ageMs: (index + 2) * 60 * MINUTE_MS,
          tookMs: took * MINUTE_MS,
        }),
      ),
      run,
    ],
  });
  renderPages({ path: `/pipelines/runs/${run.id}`, backend });
  return backend;
}

describe('how long a run usually takes', () => {
  it('is told of a running run, with about how much is left', async () => {
    open(runFactory.running({ ageMs: 2 * MINUTE_MS }), [4, 5, 5, 6, 7]);
    expect(
      await screen.findByText(/^4 m 00 s to 7 m 00 s, about \d m \d\d s left$/),
    ).toBeVisible();
  });

  it('is said to be over when it is', async () => {
    open(runFactory.running({ ageMs: 20 * MINUTE_MS }), [4, 5, 5, 6, 7]);
    expect(
      await screen.findByText(/longer than all of the last 5$/),
    ).toBeVisible();
  });

  it('is no estimate after few successes', async () => {
    open(runFactory.running(), [4, 6]);
    expect(
      await screen.findByText('4 m 00 s to 6 m 00 s in 2 earlier successes'),
    ).toBeVisible();
  });

  it('is not asked for when the run is over', async () => {
    const backend = open(runFactory.failed({ title: 'Over' }), [4, 6]);
    await screen.findByRole('heading', { name: 'Over' });
    expect(
      backend.requests.filter(({ path }) => path.endsWith('usual-duration')),
    ).toEqual([]);
  });
});
