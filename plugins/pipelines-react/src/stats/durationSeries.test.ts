import { durationSeriesOf } from './durationSeries';

const day = (date: number, p50?: number, p95?: number) => ({
  start: `2026-11-${date}T00:00:00.000Z`,
  end: `2026-11-${date + 1}T00:00:00.000Z`,
  total: p50 ? 1 : 0,
  byState: {},
  p50DurationMs: p50,
  p95DurationMs: p95,
});

describe('durationSeriesOf', () => {
  it('draws what is not over from the point before it, and nothing where nothing ended', () => {
    const { points, slowest } = durationSeriesOf(
      {
        from: '2026-11-18T00:00:00.000Z',
        to: '2026-11-22T00:00:00.000Z',
        asOf: '2026-11-21T10:00:00.000Z',
        bucket: 'day',
        timezone: 'UTC',
        buckets: [
          day(18, 10_000, 90_000),
          day(19),
          day(20, 20_000, 40_000),
          day(21, 30_000, 50_000),
        ],
      },
      Date.parse('2026-11-21T10:00:00Z'),
    );
    expect(points.map(({ p95, p95Open }) => [p95, p95Open])).toEqual([
      [90, null],
      [null, null],
      [40, 40],
      [null, 50],
    ]);
    expect(points.map(({ unfinished }) => unfinished)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(slowest?.bucket.start).toBe('2026-11-18T00:00:00.000Z');
  });

  it('has no slowest where nothing ended', () => {
    expect(
      durationSeriesOf(
        {
          from: '2026-11-18T00:00:00.000Z',
          to: '2026-11-19T00:00:00.000Z',
          asOf: '2026-11-21T10:00:00.000Z',
          bucket: 'day',
          timezone: 'UTC',
          buckets: [day(18)],
        },
        Date.parse('2026-11-21T10:00:00Z'),
      ).slowest,
    ).toBeUndefined();
  });
});
