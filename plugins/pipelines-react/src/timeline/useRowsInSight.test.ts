import type { UIEvent } from 'react';
import { act, renderHook } from '@testing-library/react';
import { useRowsInSight } from './useRowsInSight';

it('has the rows in sight and some beside them, however many there are', () => {
  const heights = Array.from({ length: 1_000 }, () => 30);
  const { result } = renderHook(() => useRowsInSight(heights));
  expect(result.current.totalHeight).toBe(30_000);
  expect(result.current.rows[0]).toEqual({ index: 0, top: 0, height: 30 });
  expect(result.current.rows.length).toBeLessThan(45);
  act(() =>
    result.current.onScroll({
      currentTarget: { scrollTop: 15_000, clientHeight: 300 },
    } as UIEvent<HTMLElement>),
  );
  const { rows } = result.current;
  expect([rows[0].index, rows.at(-1)?.index]).toEqual([494, 516]);
});
