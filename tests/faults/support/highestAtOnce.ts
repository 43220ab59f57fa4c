import type { SpellRecord } from './Records.ts';

/**
 * The most processes that worked at the same moment.
 *
 * @remarks
 * One that has no end was killed with its worker: it counts until the first kill after its
 * start, epoch ms as everything here.
 */
export function highestAtOnce(
  spells: readonly SpellRecord[],
  kills: readonly number[],
): number {
  const changes = spells.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt, by: 1 },
    {
      at: endedAt ?? kills.find(at => at >= startedAt) ?? startedAt,
      by: -1,
    },
  ]);
  // Within one millisecond what ends makes room for what begins.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let active = 0;
  let highest = 0;
  for (const { by } of changes) {
    active += by;
    highest = Math.max(highest, active);
  }
  return highest;
}
