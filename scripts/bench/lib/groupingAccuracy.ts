/**
 * The share of messages that are grouped rightly: those whose group has exactly the messages
 * that the answer key puts together with them.
 *
 * @param groups - the group of each message
 * @param key - the group of each message in the answer key
 */
export function groupingAccuracy(
  groups: readonly string[],
  key: readonly string[],
): number {
  const sizes = countOf(key);
  const members = new Map<string, Map<string, number>>();
  for (const [index, group] of groups.entries()) {
    const keys = members.get(group) ?? new Map<string, number>();
    const right = key[index]!;
    members.set(group, keys.set(right, (keys.get(right) ?? 0) + 1));
  }
  let right = 0;
  for (const keys of members.values()) {
    const [[name, count]] = [...keys] as [[string, number]];
    if (keys.size === 1 && sizes.get(name) === count) {
      right += count;
    }
  }
  return groups.length === 0 ? 1 : right / groups.length;
}

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  values.forEach(value => counts.set(value, (counts.get(value) ?? 0) + 1));
  return counts;
}
