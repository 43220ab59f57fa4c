import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { demoPipelines, makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

function usualBackend() {
  return new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.succeeded(),
      runFactory.failed(),
      runFactory.running(),
      runFactory.queued(),
    ],
  });
}

describe('PipelinesPage', () => {
  it('tells of each pipeline who owns it, how it went, and when it runs', async () => {
    renderPages({ path: '/pipelines/definitions', backend: usualBackend() });
    const list = await screen.findByRole('list', { name: 'Pipelines' });
    const [ingest] = within(list)
      .getAllByRole('listitem')
      .filter(item => within(item).queryByText('Ingest meeting summaries'));
    expect(within(ingest).getByText('data-platform')).toBeVisible();
    expect(within(ingest).getByText(/At 06:00/)).toBeVisible();
    expect(
      within(ingest).getByRole('list', { name: /The 4 newest runs/ }),
    ).toBeVisible();
    expect(
      within(ingest).getByRole('link', { name: '1 running' }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining(
        '/pipelines/runs?pipeline=ingest-meetings&state=starting,running',
      ),
    );
    expect(
      within(ingest).getByRole('link', { name: '1 queued' }),
    ).toBeVisible();
  });

  it('opens the form of a pipeline', async () => {
    renderPages({ path: '/pipelines/definitions', backend: usualBackend() });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Run Ingest meeting summaries',
      }),
    );
    expect(
      await screen.findByRole('dialog', {
        name: 'Run Ingest meeting summaries',
      }),
    ).toBeVisible();
  });

  it('names the missing permission instead of opening it', async () => {
    renderPages({
      path: '/pipelines/definitions',
      backend: new FakeBackend({
        pipelines: [
          makePipeline({
            id: 'foreign',
            title: 'Foreign',
            owner: 'group:default/data-platform',
          }),
        ],
      }),
      mayAct: false,
    });
    const button = await screen.findByRole('button', { name: 'Run Foreign' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
    await userEvent.tab();
    await userEvent.tab({ shift: true });
    expect(button).toHaveFocus();
    expect(
      await screen.findByText(
        'Needs pipelines.pipeline.run on this pipeline; ask group:default/data-platform',
      ),
    ).toBeVisible();
  });

  it('says where pipelines come from while there are none', async () => {
    renderPages({
      path: '/pipelines/definitions',
      backend: new FakeBackend(),
    });
    expect(await screen.findByText('No pipelines')).toBeVisible();
  });
});
