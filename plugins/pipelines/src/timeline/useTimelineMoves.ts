import {
  atWithSameMiddle,
  lengthOf,
  zoomed,
  type TimelineRange,
} from './timelineWindow';
import type { TimelineUrl } from './useTimelineUrl';

/** How the timeline is moved; the address follows. */
export interface TimelineMoves {
  /** By so many ms; later is positive. */
  pan(byMs: number): void;
  /** By a quarter of what is in sight. */
  step(direction: 1 | -1): void;
  zoom(direction: 'in' | 'out'): void;
  chooseRange(range: TimelineRange): void;
  /** It goes on with the clock again. */
  toNow(): void;
}

/** Moves the timeline by its address. */
export function useTimelineMoves(
  url: TimelineUrl,
  nowMs: number,
): TimelineMoves {
  const { range, atMs } = url;
  // The many small moves of a wheel or a drag are no steps to go back.
  const pan = (byMs: number) =>
    url.change({ atMs: Math.round((atMs ?? nowMs) + byMs) }, { replace: true });
  const chooseRange = (next: TimelineRange) =>
    url.change({
      range: next,
      ...(atMs !== undefined && {
        atMs: atWithSameMiddle(atMs, range, next),
      }),
    });
  return {
    pan,
    step: direction => pan((direction * lengthOf(range)) / 4),
    zoom: direction => {
      const next = zoomed(range, direction);
      if (next) {
        chooseRange(next);
      }
    },
    chooseRange,
    toNow: () => url.change({ atMs: undefined }),
  };
}
