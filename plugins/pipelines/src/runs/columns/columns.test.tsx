import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { makePipeline } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';
import { DEFAULT_COLUMNS, moveColumn, tidyColumns } from './runColumns';

function backendWithRun() {
  return new FakeBackend({
    pipelines: [
      makePipeline({
        id: 'ingest-meetings',
        title: 'Ingest meeting summaries',
        owner: 'group:default/data-platform',
        engine: 'process',
      }),
    ],
    runs: [
      runFactory.failed({
        title: 'Ingest 2024',
        priority: 7,
        labels: { team: 'data', part: 'a' },
        workerId: 'worker-1',
      }),
    ],
  });
}

const heads = () =>
  screen.getAllByRole('columnheader').map(head => head.textContent);
/** The heads between the one to choose runs and the one of the menu. */
const columns = () => heads().slice(1, -1);

describe('the columns of the runs list', () => {
  it('are those of the address, in its order, with what each run has there', async () => {
    renderPages({
      path: '/pipelines/runs?cols=priority,state,labels,owner,engine,worker,pipeline,nonsense',
      backend: backendWithRun(),
    });
    const row = await screen.findByRole('row', { name: /Ingest 2024/ });
    expect(columns()).toEqual([
      'Run',
      'Priority',
      'State',
      'Labels',
      'Owner',
      'Engine',
      'Worker',
      'Pipeline',
    ]);
    await waitFor(() =>
      expect(
        [...row.children].slice(2, -1).map(cell => cell.textContent),
      ).toEqual([
        '7',
        'Failed',
        'team=data, part=a',
        'data-platform',
        'process',
        'worker-1',
        'Ingest meeting summaries',
      ]),
    );
    expect(screen.getByText(/cols=nonsense/)).toBeVisible();
  });

  it('are added, moved and removed in a drawer that c opens, and kept for the next time', async () => {
    const backend = backendWithRun();
    renderPages({ path: '/pipelines/runs', backend });
    await screen.findByRole('row', { name: /Ingest 2024/ });
    const usual = columns();
    await userEvent.keyboard('c');
    const drawer = await screen.findByRole('dialog', { name: 'Columns' });
    const press = (name: string) =>
      userEvent.click(within(drawer).getByRole('button', { name }));
    expect(
      within(drawer).getByRole('button', { name: 'Remove Run' }),
    ).toBeDisabled();
    await press('Add Worker');
    await press('Remove Attempt');
    await press('Move Worker up');
    await press('Close');
    const chosen = [
      'State',
      'Run',
      'Submitted by',
      'Started',
      'Wait ▸ run',
      'Worker',
      'Progress or reason',
    ];
    await waitFor(() => expect(columns()).toEqual(chosen));

    await userEvent.click(screen.getByRole('tab', { name: 'Pipelines' }));
    await userEvent.click(screen.getByRole('tab', { name: 'Runs' }));
    await screen.findByRole('row', { name: /Ingest 2024/ });
    expect(columns()).toEqual(chosen);

    await userEvent.keyboard('c');
    const again = await screen.findByRole('dialog', { name: 'Columns' });
    await userEvent.click(
      within(again).getByRole('button', { name: 'Usual columns' }),
    );
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(columns()).toEqual(usual));
  });

  it('always have the one that leads to the run', () => {
    expect(tidyColumns(['state', 'x', 'state', 3])).toEqual(['run', 'state']);
    expect(tidyColumns(['state', 'run'])).toEqual(['state', 'run']);
  });

  it('move by one place, and not beyond the ends', () => {
    expect(moveColumn(['state', 'run', 'by'], 'by', -1)).toEqual([
      'state',
      'by',
      'run',
    ]);
    expect(moveColumn(DEFAULT_COLUMNS, 'state', -1)).toEqual(DEFAULT_COLUMNS);
    expect(moveColumn(DEFAULT_COLUMNS, 'word', 1)).toEqual(DEFAULT_COLUMNS);
  });
});
