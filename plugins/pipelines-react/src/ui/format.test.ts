import { formatAge, formatBytes, formatDuration, formatShare } from './format';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [350, '350 ms'],
    [4_240, '4.2 s'],
    [9_960, '10 s'],
    [42 * SECOND, '42 s'],
    [59_600, '1 m 00 s'],
    [3 * MINUTE + 5 * SECOND, '3 m 05 s'],
    [HOUR + 4 * MINUTE, '1 h 04 m'],
    [51 * HOUR, '2 d 03 h'],
    [-5, '0 ms'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('never runs ahead of the clock while it ticks', () => {
    expect(formatDuration(1_900, { whole: true })).toBe('1 s');
    expect(formatDuration(119_900, { whole: true })).toBe('1 m 59 s');
  });
});

it('rounds ages down, so that nothing is called older than it is', () => {
  expect(formatAge(59_999)).toBe('59 s');
  expect(formatAge(2 * HOUR - 1)).toBe('1 h');
  expect(formatAge(50 * HOUR)).toBe('2 d');
});

it('says sizes in decimal units', () => {
  expect(formatBytes(1)).toBe('1 byte');
  expect(formatBytes(999)).toBe('999 bytes');
  expect(formatBytes(1_234)).toBe('1.2 KB');
  expect(formatBytes(3_200_000)).toBe('3.2 MB');
  expect(formatBytes(38_400_000)).toBe('38 MB');
});

it('says 0 % and 100 % only of what is exactly that', () => {
  expect(formatShare(0)).toBe('0 %');
  expect(formatShare(0.0004)).toBe('< 1 %');
  expect(formatShare(0.9996)).toBe('99.9 %');
  expect(formatShare(1)).toBe('100 %');
});
