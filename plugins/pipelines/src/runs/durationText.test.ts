import { readDuration } from './durationText';

describe('readDuration', () => {
  it.each([
    ['90', 90],
    ['90 s', 90],
    ['5m', 300],
    ['5 min', 300],
    ['1 h 04 m', 3_840],
    ['2D', 172_800],
    ['0', 0],
  ])("reads '%s'", (text, seconds) => {
    expect(readDuration(text)).toBe(seconds);
  });

  it.each(['', 'm', '5 x', '-1', '1.5', 'about 5 m', '9999 d', '1 h foo'])(
    "refuses '%s'",
    text => {
      expect(readDuration(text)).toBeUndefined();
    },
  );
});
