/** The middle, the 95th percentile and the extremes of measured values. */
export interface Distribution {
  count: number;
  p50: number;
  p95: number;
  min: number;
  max: number;
}

/** Sums up measured values; at least one is needed. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[
      Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)
    ] as number;
  return {
    count: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
  };
}

/**
 * Times functions in turn (A, B, …, A, B, …), so that a machine that gets slower slows all of
 * them, and returns the times of each in ms.
 */
export async function timeInTurn<TName extends string>(
  rounds: number,
  contestants: Record<TName, () => Promise<unknown>>,
): Promise<Record<TName, number[]>> {
  const names = Object.keys(contestants) as TName[];
  const times = Object.fromEntries(
    names.map(name => [name, [] as number[]]),
  ) as Record<TName, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const startedAt = performance.now();
      await contestants[name]();
      times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

/** Prints one row: name, middle, 95th percentile, extremes, in ms. */
export function printRow(name: string, values: readonly number[]): void {
  const { count, p50, p95, min, max } = distributionOf(values);
  const ms = (value: number) => value.toFixed(1).padStart(8);
  console.log(
    `  ${name.padEnd(46)} p50 ${ms(p50)}  p95 ${ms(p95)}  min ${ms(
      min,
    )}  max ${ms(max)} ms  n ${count}`,
  );
}

/** Prints whether a goal was met, with the figure. */
export function printGoal(goal: string, value: string, isMet: boolean): void {
  console.log(`  ${isMet ? 'met    ' : 'MISSED '} ${goal}: ${value}`);
}
