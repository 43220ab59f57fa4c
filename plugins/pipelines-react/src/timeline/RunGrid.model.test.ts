import type { GridRun } from '@millrace/backstage-plugin-pipelines-common';
import { countStates, gridBarsOf, gridColumnsOf } from './RunGrid.model';

const START = Date.parse('2026-11-20T10:00:00Z');

function run(
  id: string,
  fields: Partial<GridRun> & { tookMs?: number } = {},
): GridRun {
  const { tookMs, ...rest } = fields;
  return {
    id,
    title: id,
    state: 'succeeded',
    trigger: 'manual',
    attempt: 1,
    queuedAt: new Date(START).toISOString(),
    startedAt: new Date(START).toISOString(),
    ...(tookMs !== undefined && {
      finishedAt: new Date(START + tookMs).toISOString(),
    }),
    settingsRevision: 0,
    steps: [],
    ...rest,
  };
}

it('draws the longest as high as the band and none lower than its icon', () => {
  const runs = [
    run('c', { state: 'running' }),
    run('b', { tookMs: 1 }),
    run('a', { tookMs: 30_000 }),
  ];
  const bars = gridBarsOf(runs, START + 60_000);
  expect([...bars.heights]).toEqual([
    ['c', 100],
    ['b', 14],
    ['a', 50],
  ]);
  expect(bars.longestMs).toBe(60_000);
  expect(gridBarsOf(runs, START + 120_000).heights.get('a')).toBe(25);
});

it('takes the p95 of the runs that are over', () => {
  const runs = Array.from({ length: 20 }, (_, index) =>
    run(String(index), { tookMs: (index + 1) * 1_000 }),
  );
  const going = run('x', { state: 'running' });
  expect(gridBarsOf([going, ...runs], START + 99_000).p95Ms).toBe(19_000);
  expect(gridBarsOf([going], START).p95Ms).toBeUndefined();
});

it('puts steps at their rows and marks where settings changed', () => {
  const columns = gridColumnsOf({
    asOf: '',
    steps: ['fetch', 'load'],
    runs: [
      run('c', { settingsRevision: 2 }),
      run('b', { settingsRevision: 2, steps: [{ step: 1, state: 'failed' }] }),
      run('a', { settingsRevision: 1 }),
    ],
  });
  expect(columns.map(column => [column.run.id, column.hasNewSettings])).toEqual(
    [
      ['a', false],
      ['b', true],
      ['c', false],
    ],
  );
  expect(columns[1].cells).toEqual([undefined, { step: 1, state: 'failed' }]);
});

it('counts states, most first', () => {
  expect(
    countStates([
      run('a'),
      run('b', { state: 'failed' }),
      run('c', { state: 'failed' }),
    ]),
  ).toEqual([
    ['failed', 2],
    ['succeeded', 1],
  ]);
});
