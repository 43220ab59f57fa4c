import type { MissedStartPolicy } from '@millrace/backstage-plugin-pipelines-common';
import { CronPattern } from '../definitions';
import { planStarts } from './planStarts';

const at = (iso: string) => new Date(iso);

const HOURLY = new CronPattern({ cron: '0 * * * *', timezone: 'UTC' });

function plan(options: {
  from: string;
  now: string;
  missed?: MissedStartPolicy;
  pattern?: CronPattern;
  maxMissed?: number;
}) {
  const planned = planStarts({
    pattern: options.pattern ?? HOURLY,
    servedUntil: at(options.from),
    now: at(options.now),
    missed: options.missed ?? 'once',
    maxMissed: options.maxMissed ?? 100,
  });
  return (
    planned && {
      starts: planned.starts.map(start => start.toISOString().slice(11, 19)),
      skipsMissed: planned.skipsMissed,
    }
  );
}

describe('planStarts', () => {
  const POLICIES = ['skip', 'once', 'all'] as const;

  it.each(POLICIES)('is nothing before the first start (%s)', missed => {
    expect(
      plan({
        from: '2026-11-21T11:30:00Z',
        now: '2026-11-21T11:59:59Z',
        missed,
      }),
    ).toBeUndefined();
  });

  it.each(POLICIES)('is the start that has just come (%s)', missed => {
    expect(
      plan({
        from: '2026-11-21T11:30:00Z',
        now: '2026-11-21T12:00:04Z',
        missed,
      }),
    ).toEqual({ starts: ['12:00:00'], skipsMissed: false });
  });

  it.each(POLICIES)('is every start of the last minute (%s)', missed => {
    expect(
      plan({
        pattern: new CronPattern({ cron: '*/2 * * * * *', timezone: 'UTC' }),
        from: '2026-11-21T12:00:00Z',
        now: '2026-11-21T12:00:05Z',
        missed,
      }),
    ).toEqual({ starts: ['12:00:02', '12:00:04'], skipsMissed: false });
  });

  it.each([
    ['skip', { starts: [], skipsMissed: true }],
    ['once', { starts: ['12:00:00'], skipsMissed: true }],
    [
      'all',
      { starts: ['10:00:00', '11:00:00', '12:00:00'], skipsMissed: false },
    ],
  ] as const)(
    'after an absence it follows the policy (%s)',
    (missed, expected) => {
      expect(
        plan({
          from: '2026-11-21T09:30:00Z',
          now: '2026-11-21T12:30:00Z',
          missed,
        }),
      ).toEqual(expected);
    },
  );

  it('with skip makes the start that is on time also after an absence', () => {
    expect(
      plan({
        from: '2026-11-21T09:30:00Z',
        now: '2026-11-21T12:00:30Z',
        missed: 'skip',
      }),
    ).toEqual({ starts: ['12:00:00'], skipsMissed: true });
  });

  it('with all makes the newest of more than it may make', () => {
    expect(
      plan({
        from: '2026-11-01T00:00:00Z',
        now: '2026-11-21T12:30:00Z',
        missed: 'all',
        maxMissed: 2,
      }),
    ).toEqual({ starts: ['11:00:00', '12:00:00'], skipsMissed: true });
  });

  it('says once for a single missed start that nothing is skipped', () => {
    expect(
      plan({ from: '2026-11-21T11:30:00Z', now: '2026-11-21T12:30:00Z' }),
    ).toEqual({ starts: ['12:00:00'], skipsMissed: false });
  });

  it('starts once on the days on which the clocks are changed', () => {
    const daily = new CronPattern({
      cron: '30 2 * * *',
      timezone: 'Europe/Berlin',
    });
    const day = (from: string, now: string) =>
      plan({ pattern: daily, from, now, missed: 'all' })?.starts;
    expect(day('2026-03-28T22:59:00Z', '2026-03-29T22:00:00Z')).toEqual([
      '01:30:00',
    ]);
    expect(day('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual([
      '00:30:00',
    ]);
  });
});
