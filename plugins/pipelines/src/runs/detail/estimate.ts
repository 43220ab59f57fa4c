/** From so many earlier successes on, they say how long a run will take. */
const MIN_SUCCESSES = 5;
/** The usual is between these shares of the earlier successes. */
const USUAL = { from: 0.1, to: 0.9 };
/** When no larger share of the earlier successes took longer, a run is overdue. */
const OVERDUE_SHARE = 0.1;

/** What earlier successes say of the duration of a run; times in ms. */
export type Estimate =
  | {
      /** There are too few to say how long it will take. */
      kind: 'few';
      count: number;
      from: number;
      to: number;
    }
  | {
      kind: 'usual';
      /** What 8 of 10 were between. */
      from: number;
      to: number;
      /** Half of those that took longer than this run so far were over after that. */
      left: number;
    }
  | {
      /** It takes longer than most did, so that they do not say when it ends. */
      kind: 'overdue';
      from: number;
      to: number;
      longerThan: number;
      of: number;
    };

/**
 * What earlier successes say of a run that has been executed for a time.
 *
 * @param durationsMs - of the successes, shortest first
 * @returns undefined without any success
 */
export function estimate(
  durationsMs: readonly number[],
  ranMs: number,
): Estimate | undefined {
  const count = durationsMs.length;
  if (count === 0) {
    return undefined;
  }
  if (count < MIN_SUCCESSES) {
    return {
      kind: 'few',
      count,
      from: durationsMs[0],
      to: durationsMs[count - 1],
    };
  }
  const usual = {
    from: quantile(durationsMs, USUAL.from),
    to: quantile(durationsMs, USUAL.to),
  };
  const longer = durationsMs.filter(duration => duration > ranMs);
  return longer.length > count * OVERDUE_SHARE
    ? { kind: 'usual', ...usual, left: quantile(longer, 0.5) - ranMs }
    : {
        kind: 'overdue',
        ...usual,
        longerThan: count - longer.length,
        of: count,
      };
}

/** The least value that is not less than this share of them. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
