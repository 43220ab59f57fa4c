import { useMemo, useState, type UIEvent } from 'react';

/** Rows beside those in sight that are there all the same, so that keys can go to them. */
const MORE_ROWS = 6;
/** Before it is measured, px; no box is higher. */
const MAX_BOX_HEIGHT = 900;

/** A row and where it is. @internal */
export interface PlacedRow {
  index: number;
  /** px from the top of all rows. */
  top: number;
  height: number;
}

/**
 * The rows of known heights that a scrolled box shows, and some beside them.
 *
 * @param heights - of all rows, px
 *
 * @internal
 */
export function useRowsInSight(heights: readonly number[]) {
  const [box, setBox] = useState({ top: 0, height: MAX_BOX_HEIGHT });
  const rows = useMemo(() => {
    let top = 0;
    return heights.map((height, index): PlacedRow => {
      const row = { index, top, height };
      top += height;
      return row;
    });
  }, [heights]);
  const first = rows.findIndex(({ top, height }) => top + height > box.top);
  const after = rows.findIndex(({ top }) => top > box.top + box.height);
  const last = rows.at(-1);
  return {
    rows: rows.slice(
      Math.max(0, first - MORE_ROWS),
      after < 0 ? undefined : after + MORE_ROWS,
    ),
    totalHeight: last ? last.top + last.height : 0,
    onScroll: ({ currentTarget }: UIEvent<HTMLElement>) =>
      setBox({
        top: currentTarget.scrollTop,
        height: currentTarget.clientHeight || MAX_BOX_HEIGHT,
      }),
  };
}
