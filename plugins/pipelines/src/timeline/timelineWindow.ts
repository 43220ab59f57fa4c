/** The ranges of time that the timeline can show, from the shortest on. */
export const TIMELINE_RANGES = ['1h', '6h', '12h', '24h', '7d'] as const;

/** One of {@link TIMELINE_RANGES}. */
export type TimelineRange = (typeof TIMELINE_RANGES)[number];

/** What is shown when nobody chose. */
export const DEFAULT_RANGE: TimelineRange = '24h';

const HOUR_MS = 3_600_000;
const RANGE_HOURS: Record<TimelineRange, number> = {
  '1h': 1,
  '6h': 6,
  '12h': 12,
  '24h': 24,
  '7d': 7 * 24,
};

/** Of the width, what is to come when the time goes on by itself. */
const SHARE_TO_COME = 0.2;
/** Answers are asked for in steps of this share of the range, so that not each second asks for another one. */
const STEP_SHARE = 0.25;

/** How long a range is, ms. */
export function lengthOf(range: TimelineRange): number {
  return RANGE_HOURS[range] * HOUR_MS;
}

/** What is in sight when this time stands where now would. */
export function viewAt(range: TimelineRange, atMs: number) {
  const length = lengthOf(range);
  return {
    fromMs: atMs - (1 - SHARE_TO_COME) * length,
    toMs: atMs + SHARE_TO_COME * length,
  };
}

/** The bounds of what is asked for, around what is in sight. */
export function windowAround(
  range: TimelineRange,
  view: { fromMs: number; toMs: number },
): { from: string; to: string } {
  const step = lengthOf(range) * STEP_SHARE;
  return {
    from: new Date(Math.floor(view.fromMs / step) * step).toISOString(),
    to: new Date(Math.ceil(view.toMs / step) * step).toISOString(),
  };
}

/** The next shorter or longer range; undefined at the ends. */
export function zoomed(
  range: TimelineRange,
  direction: 'in' | 'out',
): TimelineRange | undefined {
  const index = TIMELINE_RANGES.indexOf(range);
  return TIMELINE_RANGES[direction === 'in' ? index - 1 : index + 1];
}

/** Where now would have to stand for the middle to stay when the range changes. */
export function atWithSameMiddle(
  atMs: number,
  range: TimelineRange,
  next: TimelineRange,
): number {
  const share = 0.5 - SHARE_TO_COME;
  return Math.round(atMs + share * (lengthOf(next) - lengthOf(range)));
}
