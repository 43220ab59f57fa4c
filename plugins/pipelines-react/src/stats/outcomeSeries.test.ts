import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { bucketLabel, outcomeSeriesOf } from './outcomeSeries';

const HISTORY: StatsHistory = {
  from: '2026-10-01T00:00:00.000Z',
  to: '2026-10-03T00:00:00.000Z',
  asOf: '2026-10-02T12:00:00.000Z',
  bucket: 'day',
  timezone: 'UTC',
  buckets: [
    {
      start: '2026-10-01T00:00:00.000Z',
      end: '2026-10-02T00:00:00.000Z',
      total: 4,
      byState: { succeeded: 3, failed: 1 },
    },
    {
      start: '2026-10-02T00:00:00.000Z',
      end: '2026-10-03T00:00:00.000Z',
      total: 1,
      byState: { cancelled: 1 },
    },
  ],
};

it('adds up the states that occur and marks the bucket that is not over', () => {
  const series = outcomeSeriesOf(HISTORY, Date.parse('2026-10-02T12:00:00Z'));
  expect(series.states).toEqual(['succeeded', 'failed', 'cancelled']);
  expect(series.totals).toEqual({ succeeded: 3, failed: 1, cancelled: 1 });
  expect(series.total).toBe(5);
  expect(series.busiest?.bucket.start).toBe('2026-10-01T00:00:00.000Z');
  expect(series.bars.map(bar => bar.unfinished)).toEqual([false, true]);
});

it('names a day in the zone in which it was cut', () => {
  expect(
    bucketLabel('2026-10-01T22:00:00.000Z', 'day', 'Europe/Berlin'),
  ).toContain('2');
  expect(bucketLabel('2026-10-01T22:00:00.000Z', 'hour', 'UTC')).toContain(
    '22:00',
  );
});
