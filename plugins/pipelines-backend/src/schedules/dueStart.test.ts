import { CronPattern } from '../definitions';
import { dueStart } from './dueStart';

const at = (iso: string) => new Date(iso);

describe('dueStart', () => {
  const daily = new CronPattern({
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
  });

  it('is nothing before the first start', () => {
    expect(
      dueStart(daily, at('2026-11-20T12:00:00Z'), at('2026-11-21T01:29:59Z')),
    ).toBeUndefined();
  });

  it('is the start that has come', () => {
    expect(
      dueStart(daily, at('2026-11-20T12:00:00Z'), at('2026-11-21T01:30:00Z')),
    ).toEqual(at('2026-11-21T01:30:00Z'));
  });

  it('makes up for several missed starts with the latest one', () => {
    expect(
      dueStart(daily, at('2026-11-01T12:00:00Z'), at('2026-11-21T12:00:00Z')),
    ).toEqual(at('2026-11-21T01:30:00Z'));
  });

  it('starts once on the day on which the hour is skipped, and once on the day on which it comes twice', () => {
    const starts = (from: string, to: string) => {
      const found = [];
      let start = daily.next(at(from));
      while (start && start < at(to)) {
        found.push(start.toISOString());
        start = daily.next(start);
      }
      return found;
    };
    expect(starts('2026-03-28T22:59:00Z', '2026-03-29T22:00:00Z')).toHaveLength(
      1,
    );
    expect(starts('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toHaveLength(
      1,
    );
  });

  it('finds the latest start of a pattern of seconds at once, however long nobody was there', () => {
    const everySecond = new CronPattern({
      cron: '* * * * * *',
      timezone: 'UTC',
    });
    expect(
      dueStart(
        everySecond,
        at('2020-01-01T00:00:00Z'),
        at('2026-11-21T00:00:00.900Z'),
      ),
    ).toEqual(at('2026-11-21T00:00:00Z'));
  });
});
