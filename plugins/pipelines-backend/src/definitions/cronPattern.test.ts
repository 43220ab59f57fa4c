import fc from 'fast-check';
import { DateTime } from 'luxon';
import { CronPattern } from './cronPattern';

const at = (iso: string) => new Date(iso);

/** The starts in `[from, to)` as the clock in the zone shows them, with its offset. */
function startsOf(
  cron: string,
  timezone: string,
  from: string,
  to: string,
): string[] {
  const pattern = new CronPattern({ cron, timezone });
  const starts: string[] = [];
  let start = pattern.next(new Date(at(from).getTime() - 1));
  while (start && start < at(to)) {
    starts.push(
      DateTime.fromJSDate(start, { zone: timezone }).toFormat('dd HH:mm ZZ'),
    );
    start = pattern.next(start);
  }
  return starts;
}

describe('CronPattern', () => {
  it('takes whole seconds, strictly after the given moment', () => {
    const pattern = new CronPattern({ cron: '* * * * * *', timezone: 'UTC' });
    expect(pattern.next(at('2026-11-21T12:00:00.000Z'))).toEqual(
      at('2026-11-21T12:00:01Z'),
    );
    expect(pattern.next(at('2026-11-21T11:59:59.999Z'))).toEqual(
      at('2026-11-21T12:00:00Z'),
    );
  });

  describe('when an hour is skipped', () => {
    it.each([
      // 02:00 to 03:00
      [
        'Europe/Berlin',
        '30 2 * * *',
        '2026-03-28',
        '2026-03-31',
        ['28 02:30 +01:00', '29 03:30 +02:00', '30 02:30 +02:00'],
      ],
      [
        'America/New_York',
        '30 2 * * *',
        '2026-03-08',
        '2026-03-10',
        ['08 03:30 -04:00', '09 02:30 -04:00'],
      ],
      // Half an hour only, 02:00 to 02:30
      [
        'Australia/Lord_Howe',
        '15 2 * * *',
        '2026-10-03T12:00',
        '2026-10-05',
        ['04 02:45 +11:00', '05 02:15 +11:00'],
      ],
      // At midnight
      [
        'America/Santiago',
        '30 0 * * *',
        '2026-09-05T12:00',
        '2026-09-07T12:00',
        ['06 01:30 -03:00', '07 00:30 -03:00'],
      ],
      // A whole day, the 30th
      [
        'Pacific/Apia',
        '0 12 * * *',
        '2011-12-29T12:00',
        '2011-12-31T12:00',
        ['29 12:00 -10:00', '31 12:00 +14:00'],
      ],
    ])('in %s, %s comes as much later', (zone, cron, from, to, expected) => {
      const utc = (text: string) =>
        text.includes('T') ? `${text}:00Z` : `${text}T00:00:00Z`;
      expect(startsOf(cron, zone, utc(from), utc(to))).toEqual(expected);
    });

    it('never starts twice at the same moment', () => {
      expect(
        startsOf(
          '0,30 1-3 * * *',
          'Europe/Berlin',
          '2026-03-29T00:00:00Z',
          '2026-03-29T12:00:00Z',
        ),
      ).toEqual([
        '29 01:00 +01:00',
        '29 01:30 +01:00',
        '29 03:00 +02:00',
        '29 03:30 +02:00',
      ]);
    });

    it('a pattern of every hour goes on every hour', () => {
      expect(
        startsOf(
          '0 * * * *',
          'Europe/Berlin',
          '2026-03-29T00:00:00Z',
          '2026-03-29T03:00:00Z',
        ),
      ).toEqual(['29 01:00 +01:00', '29 03:00 +02:00', '29 04:00 +02:00']);
    });
  });

  describe('when an hour comes twice', () => {
    it.each([
      [
        'Europe/Berlin',
        '30 2 * * *',
        '2026-10-24T00:00:00Z',
        '2026-10-27T00:00:00Z',
        ['24 02:30 +02:00', '25 02:30 +02:00', '26 02:30 +01:00'],
      ],
      [
        'Europe/Berlin',
        '0 */2 * * *',
        '2026-10-24T23:00:00Z',
        '2026-10-25T06:00:00Z',
        ['25 02:00 +02:00', '25 04:00 +01:00', '25 06:00 +01:00'],
      ],
      [
        'America/New_York',
        '30 1 * * *',
        '2026-11-01T00:00:00Z',
        '2026-11-02T12:00:00Z',
        ['01 01:30 -04:00', '02 01:30 -05:00'],
      ],
      [
        'Australia/Lord_Howe',
        '45 1 * * *',
        '2026-04-04T12:00:00Z',
        '2026-04-05T18:00:00Z',
        ['05 01:45 +11:00', '06 01:45 +10:30'],
      ],
    ])(
      'in %s, %s is taken the first time',
      (zone, cron, from, to, expected) => {
        expect(startsOf(cron, zone, from, to)).toEqual(expected);
      },
    );

    it('a pattern of every hour is taken both times', () => {
      expect(
        startsOf(
          '0,30 * * * *',
          'Europe/Berlin',
          '2026-10-25T00:00:00Z',
          '2026-10-25T02:30:00Z',
        ),
      ).toEqual([
        '25 02:00 +02:00',
        '25 02:30 +02:00',
        '25 02:00 +01:00',
        '25 02:30 +01:00',
        '25 03:00 +01:00',
      ]);
    });
  });

  it('finds the same starts from wherever it begins, in order', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'Europe/Dublin',
      'America/New_York',
      'America/Havana',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Beirut',
      'Pacific/Apia',
    );
    const field = (max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc
          .uniqueArray(fc.nat(max), { minLength: 1, maxLength: 3 })
          .map(values => values.join(',')),
      );
    // Around the days on which these zones change their clocks
    const day = fc.constantFrom(
      '2026-03-07T12:00:00Z',
      '2026-03-28T18:00:00Z',
      '2026-04-04T06:00:00Z',
      '2026-10-03T06:00:00Z',
      '2026-10-24T18:00:00Z',
      '2026-10-31T12:00:00Z',
      '2026-02-14T18:00:00Z',
      '2011-12-29T18:00:00Z',
    );
    fc.assert(
      fc.property(
        zone,
        fc.constantFrom('0', '0,30', '15', '*/20'),
        field(23),
        day,
        fc.nat(2_880),
        (timezone, minute, hour, from, minutes) => {
          const pattern = new CronPattern({
            cron: `${minute} ${hour} * * *`,
            timezone,
          });
          const starts: Date[] = [];
          const end = new Date(at(from).getTime() + 3 * 86_400_000);
          let start = pattern.next(at(from));
          while (start && start <= end) {
            expect(start.getTime()).toBeGreaterThan(
              starts.at(-1)?.getTime() ?? 0,
            );
            starts.push(start);
            start = pattern.next(start);
          }
          const middle = new Date(at(from).getTime() + minutes * 60_000);
          expect(pattern.next(middle)).toEqual(
            starts.find(found => found > middle),
          );
          expect(pattern.newest(at(from), end, 5)).toEqual(starts.slice(-5));
          const before = starts.filter(found => found < end);
          expect(pattern.between(at(from), end, 1_000)).toEqual(before);
          expect(pattern.between(at(from), end, 2)).toEqual(before.slice(0, 2));
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(['0 0 29 2 *', '0 12 13 * 5', '0 3 L * *', '0 0 1 1 *'])(
    'finds the newest starts of %s, however rare they are',
    cron => {
      const pattern = new CronPattern({ cron, timezone: 'Europe/Berlin' });
      const all: Date[] = [];
      let start = pattern.next(at('2000-01-01T00:00:00Z'));
      while (start && start <= at('2026-11-21T00:00:00Z')) {
        all.push(start);
        start = pattern.next(start);
      }
      expect(all.length).toBeGreaterThan(3);
      expect(
        pattern.newest(
          at('2000-01-01T00:00:00Z'),
          at('2026-11-21T00:00:00Z'),
          3,
        ),
      ).toEqual(all.slice(-3));
    },
  );

  it('finds the newest starts of a pattern of seconds after years at once', () => {
    const pattern = new CronPattern({ cron: '* * * * * *', timezone: 'UTC' });
    expect(
      pattern.newest(
        at('2020-01-01T00:00:00Z'),
        at('2026-11-21T00:00:00.9Z'),
        2,
      ),
    ).toEqual([at('2026-11-20T23:59:59Z'), at('2026-11-21T00:00:00Z')]);
  });

  it('finds the newest starts of a pattern of seconds in the days around a change', () => {
    const pattern = new CronPattern({
      cron: '* * * * * *',
      timezone: 'Europe/Berlin',
    });
    expect(
      pattern.newest(
        at('2026-10-24T00:00:00Z'),
        at('2026-10-25T20:00:00Z'),
        100,
      ),
    ).toHaveLength(100);
  });

  it('knows that some patterns never come, and that some zones are none', () => {
    expect(CronPattern.check({ cron: '0 0 31 2 *', timezone: 'UTC' })).toEqual([
      expect.stringMatching(/never comes/),
    ]);
    expect(CronPattern.check({ cron: 'x', timezone: 'UTC' })).toEqual([
      expect.stringMatching(/no cron pattern/),
    ]);
    expect(
      CronPattern.check({ cron: '0 0 * * *', timezone: 'Mars/Base' }),
    ).toEqual([expect.stringMatching(/no time zone/)]);
  });
});
