import { isIsoTime, startOfRange } from './timeRange';

describe('timeRange', () => {
  it('begins on a whole hour, so that the same question is asked for an hour', () => {
    const first = Date.parse('2026-11-21T10:05:00Z');
    const later = Date.parse('2026-11-21T10:59:59Z');
    expect(startOfRange('-24h', first)).toBe('2026-11-20T10:00:00.000Z');
    expect(startOfRange('-24h', later)).toBe(startOfRange('-24h', first));
    expect(startOfRange('-7d', first)).toBe('2026-11-14T10:00:00.000Z');
  });

  it.each(['2026-11-21', 'yesterday', '2026-13-45T10:00:00Z', '-7d'])(
    'does not take %s for a time',
    text => {
      expect(isIsoTime(text)).toBe(false);
    },
  );

  it('takes a time with a zone', () => {
    expect(isIsoTime('2026-11-21T10:00:00Z')).toBe(true);
    expect(isIsoTime('2026-11-21T10:00:00+01:00')).toBe(true);
  });
});
