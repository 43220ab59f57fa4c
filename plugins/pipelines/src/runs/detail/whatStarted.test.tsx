import { screen } from '@testing-library/react';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

type Run = ReturnType<typeof runFactory.succeeded>;

function open(run: Run, search = '') {
  const backend = new FakeBackend({ pipelines: demoPipelines(), runs: [run] });
  const rendered = () =>
    renderPages({ path: `/pipelines/runs/${run.id}${search}`, backend });
  return { backend, render: rendered };
}

describe('what started a run and what it started', () => {
  it('leads to the run whose success started it, and to the ones that its own started', async () => {
    const cause = runFactory.succeeded();
    const follower = runFactory.succeeded();
    const run = runFactory.succeeded({
      trigger: 'after',
      labels: { 'caused-by': cause.id },
    });
    const { backend, render } = open(run);
    backend.events.set(run.id, [
      {
        at: new Date().toISOString(),
        kind: 'action',
        name: 'follower-submitted',
        actor: `pipeline:${run.pipelineId}`,
        details: { pipelineId: 'transcode', runId: follower.id },
      },
    ]);
    render();
    const started = await screen.findByText(/^Started by the success of/);
    expect(started.querySelector('a')).toHaveAttribute(
      'href',
      `/pipelines/runs/${cause.id}`,
    );
    const followed = await screen.findByText(/^Its success started/);
    expect(followed).toHaveTextContent(/of transcode$/);
    expect(followed.querySelector('a')).toHaveAttribute(
      'href',
      `/pipelines/runs/${follower.id}`,
    );
  });

  it('names the planned start of a scheduled run, and believes no label of a person', async () => {
    const scheduled = runFactory.succeeded({
      trigger: 'schedule',
      labels: { 'scheduled-for': '2026-10-01T06:00:00.000Z' },
    });
    const { unmount } = open(scheduled).render();
    expect(
      await screen.findByText(/^For the start planned for .*2026/),
    ).toBeVisible();
    unmount();

    const byHand = runFactory.succeeded({
      title: 'By hand',
      trigger: 'manual',
      labels: { 'caused-by': scheduled.id, 'scheduled-for': 'tomorrow' },
    });
    open(byHand).render();
    expect(
      await screen.findByRole('heading', { name: 'By hand' }),
    ).toBeVisible();
    expect(screen.queryByText(/^Started by the success/)).toBeNull();
    expect(screen.queryByText(/^For the start planned/)).toBeNull();
  });
});

describe('what is not kept any more', () => {
  it.each([
    ['log', 'Log removed', /because the logs of its pipeline are kept/],
    ['artifacts', 'Artifacts removed', /because the artifacts of its pipeline/],
  ])('says of the %s when and why it was removed', async (tab, title, text) => {
    const removedAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const run = runFactory.failed({
      logRemovedAt: removedAt,
      artifactsRemovedAt: removedAt,
    });
    open(run, `?tab=${tab}`).render();
    expect(await screen.findByText(title)).toBeVisible();
    expect(screen.getByText(text)).toHaveTextContent(/3 d/);
  });
});
