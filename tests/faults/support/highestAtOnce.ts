/** The most of these that went on at the same moment; times of any one unit. */
export function highestAtOnce(
  spells: readonly { startedAt: number; endedAt: number }[],
): number {
  const changes = spells.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt, by: 1 },
    { at: endedAt, by: -1 },
  ]);
  // Within one moment what ends makes room for what begins.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let active = 0;
  let highest = 0;
  for (const { by } of changes) {
    active += by;
    highest = Math.max(highest, active);
  }
  return highest;
}
