import {
  atWithSameMiddle,
  viewAt,
  windowAround,
  zoomed,
} from './timelineWindow';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-21T12:34:56Z');

it('asks for the same window while the view moves on a little', () => {
  const asked = windowAround('24h', viewAt('24h', NOW));
  expect(asked).toEqual({
    from: '2026-11-20T12:00:00.000Z',
    to: '2026-11-21T18:00:00.000Z',
  });
  expect(windowAround('24h', viewAt('24h', NOW + 60_000))).toEqual(asked);
});

it('keeps the middle where it is when it zooms', () => {
  const middle = (range: '24h' | '6h', at: number) => {
    const { fromMs, toMs } = viewAt(range, at);
    return (fromMs + toMs) / 2;
  };
  const next = atWithSameMiddle(NOW, '24h', '6h');
  expect(middle('6h', next)).toBe(middle('24h', NOW));
  expect(next).toBe(NOW - 5.4 * HOUR_MS);
});

it('ends at the shortest and the longest range', () => {
  expect(zoomed('1h', 'in')).toBeUndefined();
  expect(zoomed('1h', 'out')).toBe('6h');
  expect(zoomed('7d', 'out')).toBeUndefined();
});
