import { estimate } from './estimate';

/** 1 to 20 minutes. */
const TWENTY = Array.from({ length: 20 }, (_, index) => (index + 1) * 60_000);

it('says nothing without a success, and only a range with few', () => {
  expect(estimate([], 0)).toBeUndefined();
  expect(estimate([3_000], 5_000)).toEqual({
    kind: 'few',
    count: 1,
    from: 3_000,
    to: 3_000,
  });
  expect(estimate([1, 2, 3, 9], 0)).toMatchObject({ count: 4, from: 1, to: 9 });
});

it('says what is usual, and what is left by those that took longer than it has', () => {
  const usual = { kind: 'usual', from: 2 * 60_000, to: 18 * 60_000 };
  expect(estimate(TWENTY, 0)).toEqual({ ...usual, left: 10 * 60_000 });
  // 11 to 20 minutes remain, and half of them are over after 15.
  expect(estimate(TWENTY, 10.5 * 60_000)).toEqual({
    ...usual,
    left: 4.5 * 60_000,
  });
});

it('does not promise an end that most successes would have had by now', () => {
  expect(estimate(TWENTY, 17.5 * 60_000)).toMatchObject({ kind: 'usual' });
  expect(estimate(TWENTY, 18.5 * 60_000)).toMatchObject({
    kind: 'overdue',
    longerThan: 18,
    of: 20,
  });
  expect(estimate(TWENTY, 60 * 60_000)).toMatchObject({
    kind: 'overdue',
    longerThan: 20,
  });
});
