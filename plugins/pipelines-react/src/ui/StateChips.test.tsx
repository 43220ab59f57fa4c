import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { nextSelection, StateChips } from './StateChips';

it('chooses one state by a click, and all by a second one', () => {
  expect(nextSelection([], 'failed', false)).toEqual(['failed']);
  expect(nextSelection(['failed'], 'failed', false)).toEqual([]);
  expect(nextSelection(['failed', 'lost'], 'failed', false)).toEqual([
    'failed',
  ]);
  expect(nextSelection(['failed'], 'lost', true)).toEqual(['failed', 'lost']);
});

it('says count and share, and moves by arrow keys', async () => {
  const onChange = jest.fn();
  renderInTestApp(
    <StateChips
      counts={{ succeeded: 3, failed: 1 }}
      selected={[]}
      onChange={onChange}
    />,
  );
  const failed = await screen.findByRole('button', {
    name: 'Failed: 1, 25 % of all',
  });
  await userEvent.click(failed);
  expect(onChange).toHaveBeenLastCalledWith(['failed']);
  await userEvent.keyboard('{Home}');
  expect(screen.getByRole('button', { name: 'All: 4' })).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(failed).toHaveFocus();
});
