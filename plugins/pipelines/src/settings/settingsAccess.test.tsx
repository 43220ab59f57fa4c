import { screen, within } from '@testing-library/react';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { demoPipelines } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';

// In a file of its own: answers about permissions are kept for all tests of a file.
describe('the settings of a pipeline for somebody who may only read', () => {
  it('are shown, with the reason why they cannot be edited', async () => {
    renderPages({
      path: '/pipelines/definitions/ingest-meetings?tab=settings',
      backend: new FakeBackend({ pipelines: demoPipelines() }),
      mayAct: false,
    });
    expect(
      await screen.findByText(
        'You may look, not edit. Needs pipelines.pipeline.configure on this pipeline; ask group:default/data-platform.',
      ),
    ).toBeVisible();
    const timeouts = screen.getByRole('region', { name: 'Timeouts' });
    expect(
      within(timeouts).getByRole('textbox', { name: 'Grace' }),
    ).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Save…' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Revisions' })).toBeVisible();
  });
});
