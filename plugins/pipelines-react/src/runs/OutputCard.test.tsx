import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { OutputCard } from './OutputCard';
import { clock } from './outputs/AnalysisView';

function show(name: string, json: unknown) {
  renderInTestApp(
    <OutputCard
      output={{ attempt: 1, name, json, createdAt: '2026-11-21T10:00:00Z' }}
    />,
  );
}

it('shows facts, the lists and tables in them, and the document as it is', async () => {
  show('summary', {
    read: 1338,
    source: 'https://archive.example.org/2025.json',
    refused: [],
    warnings: { 'due-date': 9 },
    targets: [
      { name: 'a', rows: 2 },
      { name: 'b', note: 'late' },
    ],
  });
  expect(await screen.findByText('read')).toBeVisible();
  expect(screen.getByText(/^1.?338$/)).toBeVisible();
  expect(
    screen.getByRole('link', { name: /archive.example.org/ }),
  ).toHaveAttribute('href', 'https://archive.example.org/2025.json');
  expect(
    within(screen.getByRole('region', { name: 'refused' })).getByText('none'),
  ).toBeVisible();
  expect(
    within(screen.getByRole('region', { name: 'warnings' })).getByText('9'),
  ).toBeVisible();
  const table = screen.getByRole('table', { name: 'targets' });
  expect(
    within(table)
      .getAllByRole('row')
      .map(row => row.textContent),
  ).toEqual(['namerowsnote', 'a2–', 'b–late']);

  await userEvent.click(screen.getByRole('radio', { name: 'JSON' }));
  expect(screen.queryByRole('table')).toBeNull();
  expect(
    screen.getByText('"https://archive.example.org/2025.json"'),
  ).toBeVisible();
}, 20_000);

it('shows only the tree of what is too wide to read otherwise', async () => {
  show(
    'wide',
    Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, n])),
  );
  expect(await screen.findByText('n39:')).toBeVisible();
  expect(screen.queryByRole('radio')).toBeNull();
});

it('reads an analysis: sentences with their times, insights, and topics by weight', async () => {
  show('analysis', {
    title: 'How queues work',
    summary: [{ text: 'A queue is a table.', at: 65.4 }, 'It is ordered.'],
    insights: [{ kind: 'finding', text: 'Locks are cheap.', at: 3723 }],
    topics: [
      { term: 'queue', weight: 8 },
      { term: 'lock', weight: 2 },
    ],
    numbers: { words: 1200 },
  });
  expect(await screen.findByText('How queues work')).toBeVisible();
  const summary = screen.getByRole('region', { name: 'Summary' });
  expect(
    within(summary)
      .getAllByRole('listitem')
      .map(item => item.textContent),
  ).toEqual(['A queue is a table.1:05', 'It is ordered.']);
  expect(
    within(screen.getByRole('region', { name: 'Insights' })).getByRole(
      'listitem',
    ),
  ).toHaveTextContent('findingLocks are cheap.1:02:03');
  const [heavy, light] = within(
    screen.getByRole('region', { name: 'Topics' }),
  ).getAllByRole('listitem');
  expect(heavy).toHaveTextContent('queue8');
  expect(light).toHaveTextContent('lock2');
  expect(screen.getByText('words')).toBeVisible();
});

it('reads how publishing went, and links only to web addresses', async () => {
  show('publishing', {
    targets: [
      { target: 'page', state: 'published', url: 'https://x.example/p' },
      { target: 'notes', state: 'failed', message: 'Disk full' },
      { target: 'data', state: 'odd', location: 'ftp://x.example/d' },
    ],
  });
  const [page, notes, data] = await screen.findAllByRole('listitem');
  expect(within(page).getByRole('link')).toHaveAttribute(
    'href',
    'https://x.example/p',
  );
  expect(notes).toHaveTextContent('notesfailedDisk full');
  expect(within(data).queryByRole('link')).toBeNull();
});

it('falls back to the shape of a document whose name promises more', async () => {
  show('publishing', { site: 'x' });
  expect(await screen.findByText('site')).toBeVisible();
});

it('writes times as a player does', () => {
  expect([clock(0), clock(59.9), clock(3600)]).toEqual([
    '0:00',
    '0:59',
    '1:00:00',
  ]);
});
