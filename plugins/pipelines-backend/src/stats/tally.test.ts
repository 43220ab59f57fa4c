import { percentile, summarize } from './tally';

const tally = (
  state: 'succeeded' | 'failed' | 'cancelled',
  runCount: number,
) => ({
  state,
  runCount,
  durationCount: runCount,
  durationSumMs: runCount * 1_000,
  waitCount: runCount,
  waitSumMs: runCount * 10,
});

describe('summarize', () => {
  it('leaves cancelled runs out of the success rate', () => {
    expect(
      summarize(
        [tally('succeeded', 3), tally('failed', 1), tally('cancelled', 5)],
        [],
      ),
    ).toMatchObject({
      total: 9,
      byState: { succeeded: 3, failed: 1, cancelled: 5 },
      successRate: 0.75,
      averageDurationMs: 1_000,
      averageWaitMs: 10,
    });
  });

  it('has no rate, mean or percentile of nothing', () => {
    expect(summarize([], [])).toEqual({ total: 0, byState: {} });
  });
});

describe('percentile', () => {
  it('is right to about a tenth', () => {
    const durations = Array.from({ length: 1_000 }, (_, i) => (i + 1) * 100);
    const counts = new Map<number, number>();
    for (const ms of durations) {
      const bucket = Math.floor(Math.log(ms) / Math.log(1.2));
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    const buckets = [...counts].map(([bucket, runCount]) => ({
      bucket,
      runCount,
    }));
    for (const [share, exact] of [
      [0.5, 50_000],
      [0.95, 95_000],
    ]) {
      expect(Math.abs(percentile(buckets, share)! / exact - 1)).toBeLessThan(
        0.11,
      );
    }
  });
});
