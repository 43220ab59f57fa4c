import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { makeWorker } from '../../dev/fake/FakeQueue';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

// In a file of its own: answers about permissions are kept for all tests of a file.
describe('the queue page of somebody who may only read', () => {
  it('names the missing permission instead of acting', async () => {
    const backend = new FakeBackend({
      pipelines: [makePipeline({ id: 'ingest-meetings' })],
      runs: [runFactory.queued({ title: 'Ingest 2024' })],
    });
    backend.queue.workers.push(makeWorker({ id: 'portal-1' }));
    renderPages({ path: '/pipelines/queue', backend, mayAct: false });
    for (const name of ['Pause queue…', 'Clear queue…', 'Drain portal-1']) {
      const button = await screen.findByRole('button', { name });
      await waitFor(() =>
        expect(button).toHaveAttribute('aria-disabled', 'true'),
      );
      await userEvent.click(button);
    }
    expect(screen.queryByRole('dialog')).toBeNull();
    await userEvent.hover(screen.getByRole('button', { name: 'Pause queue…' }));
    expect(
      await screen.findByText(
        'Needs pipelines.queue.control for all pipelines',
      ),
    ).toBeVisible();

    await userEvent.click(
      screen.getByRole('button', { name: 'Actions of Ingest 2024' }),
    );
    expect(
      await screen.findByRole('menuitem', {
        name: /Cancel… Needs pipelines.run.control on this pipeline/,
      }),
    ).toHaveAttribute('aria-disabled', 'true');
  });
});
