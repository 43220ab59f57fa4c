import { relativeChange, shareChange } from './change';

const points = (text: string) => `${text} points`;

describe('relativeChange', () => {
  it('tells direction, percent, and whether that is welcome', () => {
    expect(relativeChange(110, 100)).toEqual({ direction: 'up', text: '10 %' });
    expect(relativeChange(90, 100, 'less')).toEqual({
      direction: 'down',
      text: '10 %',
      good: true,
    });
    expect(relativeChange(120, 100, 'less')).toMatchObject({ good: false });
    expect(relativeChange(100, 100, 'less')).toEqual({
      direction: 'same',
      text: '0 %',
    });
  });

  it('tells large growth as a multiple, and nothing without a number before', () => {
    expect(relativeChange(50_000, 100)).toMatchObject({ text: '500 ×' });
    expect(relativeChange(5, 0)).toBeUndefined();
    expect(relativeChange(5, undefined)).toBeUndefined();
    expect(relativeChange(undefined, 5)).toBeUndefined();
  });
});

describe('shareChange', () => {
  it('counts in percentage points, and more is better', () => {
    expect(shareChange(0.95, 0.9, points)).toEqual({
      direction: 'up',
      text: '5 points',
      good: true,
    });
    expect(shareChange(0.9, 0.912, points)).toEqual({
      direction: 'down',
      text: '1.2 points',
      good: false,
    });
    expect(shareChange(0.9, undefined, points)).toBeUndefined();
  });
});
