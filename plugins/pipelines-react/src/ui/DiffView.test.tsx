import { screen, within } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { DiffView } from './DiffView';

it('shows each difference with its old and new value, and what it is called', async () => {
  renderInTestApp(
    <DiffView
      label="Changes"
      before={{ limit: 3, url: 'a' }}
      after={{ limit: 4, note: 'x', url: 'a' }}
      afterLabel="Draft"
      nameOf={path => (path === 'limit' ? 'Limit' : path)}
      noteOf={({ path }) => path === 'limit' && 'At most 4 at once.'}
    />,
  );
  const table = await screen.findByRole('table', { name: 'Changes' });
  expect(
    within(table)
      .getAllByRole('row')
      .map(row => row.textContent),
  ).toEqual([
    'WhereBeforeDraft',
    'LimitAt most 4 at once.34',
    'notenot set"x"',
  ]);
  expect(within(table).getByRole('img', { name: 'Changed' })).toBeVisible();
  expect(within(table).getByRole('img', { name: 'Added' })).toBeVisible();
});

it('says so where nothing differs', async () => {
  renderInTestApp(<DiffView label="Changes" before={[1]} after={[1]} />);
  expect(await screen.findByText('No difference.')).toBeVisible();
  expect(screen.queryByRole('table')).toBeNull();
});

it('draws no more rows than one reads', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 230 }, (_, index) => [`p${index}`, index]),
  );
  renderInTestApp(<DiffView label="Changes" before={{}} after={many} />);
  expect(await screen.findByText('and 30 more differences')).toBeVisible();
  expect(screen.getAllByRole('row')).toHaveLength(201);
});
