import { DateTime } from 'luxon';
import { bucketsOf, snapWindow } from './window';

const now = DateTime.fromISO('2026-11-21T10:20:30Z');

function window(query: { from?: string; to?: string; grain?: 'hour' | 'day' }) {
  const { from, to, grain } = snapWindow({
    ...query,
    timezone: 'Europe/Berlin',
    now,
  });
  return [from.toUTC().toISO(), to.toUTC().toISO(), grain];
}

describe('snapWindow', () => {
  it('is the last 7 days by the hour unless asked otherwise', () => {
    expect(window({})).toEqual([
      '2026-11-14T10:00:00.000Z',
      '2026-11-21T11:00:00.000Z',
      'hour',
    ]);
  });

  it('snaps outwards to days of the zone when longer than 31 days', () => {
    expect(window({ from: '2026-09-01T12:00:00Z' })).toEqual([
      '2026-08-31T22:00:00.000Z',
      '2026-11-21T23:00:00.000Z',
      'day',
    ]);
  });

  it('leaves bounds alone that are bounds already', () => {
    expect(
      window({ from: '2026-11-20T10:00:00Z', to: '2026-11-20T12:00:00Z' }),
    ).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-20T12:00:00.000Z', 'hour']);
  });

  it('cuts hours as they are counted in zones that are half an hour off', () => {
    const { from, to } = snapWindow({
      from: '2026-11-20T10:40:00Z',
      to: '2026-11-20T12:10:00Z',
      timezone: 'Asia/Kolkata',
      now,
    });
    expect([from.toUTC().toISO(), to.toUTC().toISO()]).toEqual([
      '2026-11-20T10:00:00.000Z',
      '2026-11-20T13:00:00.000Z',
    ]);
  });

  it('refuses a window that ends before it begins, and one with too many buckets', () => {
    expect(() => window({ from: '2026-11-22T00:00:00Z' })).toThrow(
      'which is not after its start',
    );
    expect(() =>
      window({ from: '2026-09-01T00:00:00Z', grain: 'hour' }),
    ).toThrow('too long for hours');
    expect(() =>
      window({ from: '2000-01-01T00:00:00Z', grain: 'day' }),
    ).toThrow('more than 1000 buckets');
  });

  it('makes days of 23 and 25 hours where the clock changes', () => {
    const hours = (from: string, to: string) =>
      bucketsOf(
        snapWindow({ from, to, grain: 'day', timezone: 'Europe/Berlin', now }),
      ).map(({ start, end }) => end.diff(start, 'hours').hours);
    expect(hours('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      24, 23, 24,
    ]);
    expect(hours('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      24, 25, 24,
    ]);
  });
});
