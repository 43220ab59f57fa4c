import { screen, within } from '@testing-library/react';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

function open(attempt: number) {
  const run = runFactory.failed({ attempt });
  const backend = new FakeBackend({ runs: [run] });
  renderPages({ path: `/pipelines/runs/${run.id}?tab=attempts`, backend });
  return backend;
}

describe('the steps of several attempts', () => {
  it('are compared side by side, oldest attempt first', async () => {
    const backend = open(3);
    const table = await screen.findByRole('table', { name: 'Steps compared' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(head => head.textContent),
    ).toEqual(['Step', 'Attempt 1', 'Attempt 2', 'Attempt 3']);
    const row = within(table).getByRole('row', { name: /^download/ });
    expect(await within(row).findAllByText('Failed')).toHaveLength(3);
    expect(
      backend.requests
        .filter(({ path }) => path.endsWith('/steps'))
        .map(({ query }) => query.get('attempt'))
        .sort(),
    ).toEqual(['1', '2', '3']);
  });

  it('are not compared with nothing', async () => {
    open(1);
    await screen.findByRole('region', { name: 'Attempts' });
    expect(screen.queryByRole('table', { name: 'Steps compared' })).toBeNull();
  });
});
