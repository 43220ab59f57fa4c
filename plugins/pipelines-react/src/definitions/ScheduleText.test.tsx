import { cronInWords } from './ScheduleText';

it('says a cron line in words, and nothing about one that it cannot read', () => {
  expect(cronInWords('0 6 * * *')).toBe('At 06:00');
  expect(cronInWords('not a cron')).toBeUndefined();
});
