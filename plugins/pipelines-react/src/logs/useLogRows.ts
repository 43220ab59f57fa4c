import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogRowSource } from './LogRowSource';
import { pauseAfterFailure, type LogFacts } from './LogStore';

/** Height of a line that is not wrapped, px. */
export const ROW_HEIGHT = 20;
/** Rows in one scroll box: browsers draw nothing below about 17 million px. */
const WINDOW_ROWS = 500_000;
const WINDOW_STEP = 100_000;
const OVERSCAN_ROWS = 20;
/** Within this distance of the end the box follows what comes, px. */
const END_MARGIN = 8;
/** A page is loaded when scrolling has rested on it for this long, ms. */
const REST_MS = 60;

/** The scroll box of a log: which rows are drawn, and whether it follows the end. @internal */
export interface LogRows {
  boxRef: React.RefObject<HTMLDivElement>;
  virtualizer: ReturnType<
    typeof useVirtualizer<HTMLDivElement, HTMLDivElement>
  >;
  /** First row of the box; rows before and after it are reached by {@link LogRows.move}. */
  firstRow: number;
  rowsInBox: number;
  following: boolean;
  /** Lines that came since the box stopped following. */
  unseen: number;
  follow(): void;
  goTo(line: number): void;
  move(direction: 'earlier' | 'later'): void;
}

/** {@inheritDoc LogRows} @internal */
export function useLogRows(options: {
  /** Which log it is, whichever of its lines are shown. */
  log: object;
  store: LogRowSource;
  facts: LogFacts;
  wrap: boolean;
  startLine: number | undefined;
}): LogRows {
  const { log, store, facts, wrap, startLine } = options;
  const boxRef = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(startLine === undefined);
  const [seenLines, setSeenLines] = useState(0);
  const [wantedFirstRow, setFirstRow] = useState(0);
  const [target, setTarget] = useState<number>();
  const rowCount = store.rowCount;
  // Fewer rows than before when most lines are hidden now
  const firstRow = wantedFirstRow < rowCount ? wantedFirstRow : 0;
  const rowsInBox = Math.min(rowCount - firstRow, WINDOW_ROWS + WINDOW_STEP);

  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: Math.max(0, rowsInBox),
    getScrollElement: () => boxRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN_ROWS,
  });

  useLayoutEffect(
    () => virtualizer.measure(),
    [virtualizer, wrap, firstRow, store],
  );

  const goTo = useCallback(
    (line: number) => {
      if (store.rowCount === 0) {
        return;
      }
      setFollowing(false);
      const row = store.rowOfLine(line);
      const start = windowAround(row, store.rowCount);
      setFirstRow(start);
      setTarget(line);
    },
    [store],
  );

  const follow = useCallback(() => {
    setTarget(undefined);
    setFollowing(true);
  }, []);

  const move = useCallback(
    (direction: 'earlier' | 'later') => {
      const edge =
        direction === 'earlier' ? firstRow : firstRow + rowsInBox - 1;
      goTo(store.lineOfRow(edge));
    },
    [firstRow, rowsInBox, goTo, store],
  );

  // The first answer says how long the log is; only then there is a place to go to.
  const opened = useRef<object>();
  useEffect(() => {
    if (facts.loaded && startLine !== undefined && opened.current !== log) {
      opened.current = log;
      goTo(startLine);
    }
  }, [facts.loaded, log, startLine, goTo]);

  useLayoutEffect(() => {
    if (!following) {
      return;
    }
    const overflow = rowCount - firstRow - WINDOW_ROWS;
    if (overflow > WINDOW_STEP) {
      setFirstRow(rowCount - WINDOW_ROWS);
    }
    setSeenLines(facts.totalLines);
    const box = boxRef.current;
    if (box) {
      box.scrollTop = box.scrollHeight;
    }
  }, [following, facts, rowCount, firstRow, wrap]);

  // Where a line is drawn is only certain when its page is there: some lines above may have no row.
  useLayoutEffect(() => {
    if (target !== undefined) {
      const row = store.rowOfLine(target);
      virtualizer.scrollToIndex(row - firstRow, { align: 'center' });
      // Not the target itself, which may be hidden: then the nearest line that is shown stands for it.
      if (store.lineAt(store.lineOfRow(row))) {
        setTarget(undefined);
      }
    }
  }, [target, facts.version, firstRow, store, virtualizer]);

  const keepsPlace = !following && target === undefined;
  useKeepPlace({ store, facts, firstRow, keepsPlace, virtualizer, boxRef });
  useFollowByScroll({
    boxRef,
    setFollowing,
    atLastRow: firstRow + rowsInBox >= rowCount,
  });
  useEndKeys({ boxRef, follow, goTo });
  useReaderMoves({ boxRef, onMove: () => setTarget(undefined) });
  useNeededPages({ store, facts, firstRow, virtualizer });

  return {
    boxRef,
    virtualizer,
    firstRow,
    rowsInBox,
    following,
    unseen: following ? 0 : Math.max(0, facts.totalLines - seenLines),
    follow,
    goTo,
    move,
  };
}

/** First row of a box that has this row in its middle. @internal */
export function windowAround(row: number, rowCount: number): number {
  if (rowCount <= WINDOW_ROWS + WINDOW_STEP) {
    return 0;
  }
  const start = row - WINDOW_ROWS / 2;
  return Math.max(0, Math.min(start, rowCount - WINDOW_ROWS));
}

type Virtualizer = LogRows['virtualizer'];

/** Rows above may vanish when their page arrives; the reader's line must not move. */
function useKeepPlace(options: {
  store: LogRowSource;
  facts: LogFacts;
  firstRow: number;
  keepsPlace: boolean;
  virtualizer: Virtualizer;
  boxRef: React.RefObject<HTMLDivElement>;
}) {
  const { store, facts, firstRow, keepsPlace, virtualizer, boxRef } = options;
  const place = useRef<{ line: number; row: number }>();
  useLayoutEffect(() => {
    const { current } = place;
    const box = boxRef.current;
    if (current && box && keepsPlace) {
      const moved = store.rowOfLine(current.line) - firstRow - current.row;
      if (moved !== 0) {
        box.scrollTop += moved * ROW_HEIGHT;
      }
    }
  }, [facts.version, store, firstRow, keepsPlace, boxRef]);
  useEffect(() => {
    const row = virtualizer.range?.startIndex;
    place.current =
      row === undefined || store.rowCount === 0
        ? undefined
        : { row, line: store.lineOfRow(firstRow + row) };
  });
}

function useFollowByScroll(options: {
  boxRef: React.RefObject<HTMLDivElement>;
  setFollowing(following: boolean): void;
  atLastRow: boolean;
}) {
  const { boxRef, setFollowing, atLastRow } = options;
  useEffect(() => {
    const box = boxRef.current;
    let lastTop = box?.scrollTop ?? 0;
    const onScroll = () => {
      if (!box) {
        return;
      }
      const left = box.scrollHeight - box.clientHeight - box.scrollTop;
      if (box.scrollTop < lastTop && left > END_MARGIN) {
        setFollowing(false);
      } else if (box.scrollTop > lastTop && left <= END_MARGIN && atLastRow) {
        setFollowing(true);
      }
      lastTop = box.scrollTop;
    };
    box?.addEventListener('scroll', onScroll, { passive: true });
    return () => box?.removeEventListener('scroll', onScroll);
  }, [boxRef, setFollowing, atLastRow]);
}

/** Home and End reach the ends of the log, not those of the box. */
function useEndKeys(options: {
  boxRef: React.RefObject<HTMLDivElement>;
  follow(): void;
  goTo(line: number): void;
}) {
  const { boxRef, follow, goTo } = options;
  useEffect(() => {
    const box = boxRef.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'End') {
        event.preventDefault();
        follow();
      } else if (event.key === 'Home') {
        event.preventDefault();
        goTo(0);
      }
    };
    box?.addEventListener('keydown', onKeyDown);
    return () => box?.removeEventListener('keydown', onKeyDown);
  }, [boxRef, follow, goTo]);
}

const READER_EVENTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
/** Keys that scroll a box in browsers; Home and End are {@link useEndKeys}'s. */
const SCROLL_KEYS = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', ' '];

/** Whoever scrolls does not want to be taken back to a line that is still on its way. */
function useReaderMoves(options: {
  boxRef: React.RefObject<HTMLDivElement>;
  onMove(): void;
}) {
  const { boxRef } = options;
  const onMove = useRef(options.onMove);
  useEffect(() => {
    const box = boxRef.current;
    const listener = (event: Event) => {
      if (
        !(event instanceof KeyboardEvent) ||
        SCROLL_KEYS.includes(event.key)
      ) {
        onMove.current();
      }
    };
    READER_EVENTS.forEach(name =>
      box?.addEventListener(name, listener, { passive: true }),
    );
    return () =>
      READER_EVENTS.forEach(name => box?.removeEventListener(name, listener));
  }, [boxRef]);
}

function useNeededPages(options: {
  store: LogRowSource;
  facts: LogFacts;
  firstRow: number;
  virtualizer: Virtualizer;
}) {
  const { store, facts, firstRow, virtualizer } = options;
  const range = virtualizer.range;
  const first = range?.startIndex ?? 0;
  const last = range?.endIndex ?? 0;
  useEffect(() => {
    if (!facts.loaded || store.rowCount === 0) {
      return undefined;
    }
    const timer = setTimeout(() => {
      const end = Math.min(firstRow + last + OVERSCAN_ROWS, store.rowCount - 1);
      store.need(
        store.lineOfRow(Math.max(0, firstRow + first - OVERSCAN_ROWS)),
        store.lineOfRow(end),
      );
    }, REST_MS + pauseAfterFailure(facts));
    return () => clearTimeout(timer);
  }, [store, facts, firstRow, first, last]);
}
